program edges(input, output);
(* Where things end: numbers, loops, types, and an input whose last line is not ended. *)
var i, lines: integer; line: string; c: char; b: boolean;
begin
  for i := maxint - 2 to maxint do write(i, ' ');
  for i := -maxint + 1 downto -maxint - 1 do write(i, ' ');
  for i := 1 to 0 do write('never');
  for i := 7 downto 7 do write('once ');
  for b := false to true do write(b, ' ');
  for c := chr(254) to chr(255) do write(ord(c), ' ');
  writeln;
  writeln('[', '', '] [', '':2, ']');
  read(i); write(i, ' '); read(i); write(i, ' '); readln(i); writeln(i);
  lines := 0;
  while not eof do begin
    readln(line);
    lines := lines + 1;
    writeln(lines, ': ', line)
  end;
  write(eof, ' ', eof)
end.
