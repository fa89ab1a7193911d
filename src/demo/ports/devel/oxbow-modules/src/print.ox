( print: words that print )
: line ( n -- ) . cr ;
: pair ( a b -- ) swap . . cr ;
: upto ( n -- ) 1 + 1 do i . loop cr ;
