( math: words for whole numbers )
: square ( n -- n*n ) dup * ;
: cube ( n -- n*n*n ) dup square * ;
: negate ( n -- -n ) 0 swap - ;
: abs ( n -- |n| ) dup 0 < if negate then ;
: even? ( n -- flag ) 2 mod 0 = ;
