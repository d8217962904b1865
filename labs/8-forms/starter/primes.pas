program primes(input, output);
{ primes.c in Pascal }
var most, n, count: integer;

function isprime(n: integer): boolean;
var d: integer;
    is: boolean;
begin
  d := 2;
  is := n >= 2;
  while is and (d * d <= n) do
    if n mod d = 0 then is := false
    else d := d + 1;
  isprime := is
end;

begin
  readln(most);
  count := 0;
  for n := 2 to most - 1 do
    if isprime(n) then count := count + 1;
  writeln(count, ' primes below ', most)
end.
5000
