program more(input, output);
(* Comments of both kinds, case, forward, texts as constants, widths and the standard functions. *)
const greeting = 'hello'; mark = '!'; low = -2;
type colour = array[low..3] of char;
var i, total: integer;
    c: colour;
    word: string;

function even(n: integer): boolean; forward;

function odder(n: integer): boolean;
begin
  if n = 0 then odder := false else odder := even(n - 1)
end;

function even;
begin
  if n = 0 then even := true else even := odder(n - 1)
end;

procedure count(n: integer; var sum: integer); forward;

procedure twice(n: integer; var sum: integer);
begin
  count(n, sum); count(n, sum)
end;

procedure count;
begin
  if n > 0 then begin sum := sum + n; twice(n - 1, sum) end
end;

procedure name(n: integer);
begin
  case n of
    0: write('none');
    1: write('one');
    2, 3, 5: write('prime');
    6..9: begin write('some'); write('!') end
  else write('many ', n)
  end;
  writeln
end;

begin
  for i := 0 to 10 do name(i);
  case mark of '?': writeln('asked'); '!': writeln('told') end;
  case 7 of 1: writeln('nothing fits') end;
  for i := low to 3 do c[i] := chr(ord('c') + i);
  for i := low to 3 do write(c[i], succ(c[i]):3, pred(c[i]));
  writeln;
  word := greeting;
  writeln(word, mark, length(greeting), '|', greeting:8, '|', mark:2, '|', i > 9:6, '|');
  writeln(even(10), even(7), odder(3));
  total := 0;
  twice(4, total);
  writeln(total, abs(-5), abs(5), sqr(-4), succ(9), pred(-1))
end.
