( Prints the primes below 50. )
: prime? ( n -- flag ) 1 swap dup 2 do dup i mod 0 = if swap drop 0 swap then loop drop ;
50 2 do i prime? if i . then loop cr
