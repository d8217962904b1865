program queens(output);
{ Eight queens that do not threaten each other (Wirth 1971): the first way, and how many. }
const size = 8;
type row = array[1..size] of boolean;
var column: array[1..size] of integer;
    free: row;
    up: array[2..16] of boolean;
    down: array[-7..7] of boolean;
    i, ways: integer;

procedure show;
var i, j: integer;
begin
  for i := 1 to size do begin
    for j := 1 to size do
      if column[i] = j then write(' Q') else write(' .');
    writeln
  end
end;

procedure place(i: integer);
var j: integer;
begin
  for j := 1 to size do
    if free[j] and up[i + j] and down[i - j] then begin
      column[i] := j;
      free[j] := false; up[i + j] := false; down[i - j] := false;
      if i < size then place(i + 1)
      else begin
        ways := ways + 1;
        if ways = 1 then show
      end;
      free[j] := true; up[i + j] := true; down[i - j] := true
    end
end;

begin
  ways := 0;
  for i := 1 to size do free[i] := true;
  for i := 2 to 2 * size do up[i] := true;
  for i := 1 - size to size - 1 do down[i] := true;
  place(1);
  writeln(ways, ' ways')
end.
