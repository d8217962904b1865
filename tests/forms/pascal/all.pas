program all(input, output);
{ A little of everything that the language has. }
const most = 50; minus = -3; letter = 'x';
type vector = array[1..most] of integer;
     matrix = array[0..2, 0..2] of integer;
     word = string[20];
var primes: vector; m, n: matrix; i, j, count: integer; w: word; line: string; ok: boolean; c: char;

procedure sieve(var v: vector; var found: integer);
var composite: array[2..230] of boolean; i, j: integer;
begin
  found := 0;
  for i := 2 to 230 do composite[i] := false;
  for i := 2 to 230 do
    if not composite[i] then begin
      if found < most then begin found := found + 1; v[found] := i end;
      j := i * i;
      while j <= 230 do begin composite[j] := true; j := j + i end
    end
end;

function gcd(a, b: integer): integer;
begin
  if b = 0 then gcd := a else gcd := gcd(b, a mod b)
end;

function ackermann(m, n: integer): integer;
begin
  if m = 0 then ackermann := n + 1
  else if n = 0 then ackermann := ackermann(m - 1, 1)
  else ackermann := ackermann(m - 1, ackermann(m, n - 1))
end;

procedure hanoi(n: integer; from, over, goal: char);
var moves: integer;
  procedure move(n: integer; a, b, c: char);
  begin
    if n > 0 then begin
      move(n - 1, a, c, b);
      moves := moves + 1;
      if moves <= 3 then writeln('  move ', a, ' to ', c);
      move(n - 1, b, a, c)
    end
  end;
begin
  moves := 0;
  move(n, from, over, goal);
  writeln(moves, ' moves')
end;

procedure product(var a, b, c: matrix);
var i, j, k, s: integer;
begin
  for i := 0 to 2 do
    for j := 0 to 2 do begin
      s := 0;
      for k := 0 to 2 do s := s + a[i, k] * b[k][j];
      c[i, j] := s
    end
end;

procedure shout(s: string);
var i: integer; u: string;
begin
  u := s;
  for i := length(u) downto 1 do
    if (u[i] >= 'a') and (u[i] <= 'z') then u[i] := chr(ord(u[i]) - 32);
  writeln(u, '!')
end;

begin
  sieve(primes, count);
  writeln(count, ' primes, the last ', primes[count]);
  writeln('gcd ', gcd(1071, 462), ', ackermann ', ackermann(2, 3):5, ', ', minus div 2, ' ', minus mod 2);
  hanoi(5, 'a', 'b', 'c');
  for i := 0 to 2 do for j := 0 to 2 do m[i, j] := 3 * i + j;
  product(m, m, n);
  for i := 0 to 2 do begin for j := 0 to 2 do write(n[i, j]:5); writeln end;
  n := m;
  writeln('copied: ', n[2, 2] = 8, ', odd: ', odd(7), ' ', letter, ' it''s');
  w := 'abc';
  if w < 'abd' then shout(w);
  ok := w = 'abc';
  repeat
    readln(line);
    if length(line) > 0 then begin
      c := line[1];
      writeln('(', line, ') begins with ', c, ', ', ok and (c <> 'q'))
    end
  until eof or (line = 'q')
end.
first line
q
not read
