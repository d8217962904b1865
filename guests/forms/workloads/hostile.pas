program hostile(output);
{ stores outside of an array, on and on }
var a: array[1..8] of integer;
    i: integer;
begin
  i := 1;
  while true do begin
    a[i] := -1;
    i := i * 2
  end
end.
