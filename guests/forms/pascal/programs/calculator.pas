program calculator(input, output);
{ Lines like 2*(3+4)-10 worked out, until an empty one: recursive descent, as the compiler
  that compiles it. }
var line: string; at: integer; wrong: boolean;

function now: char;
begin
  if at <= length(line) then now := line[at] else now := ';'
end;

procedure skip;
begin
  at := at + 1;
  while now = ' ' do at := at + 1
end;

function sum: integer;
var value: integer; sign: char;

  function factor: integer;
  var value: integer;
  begin
    value := 0;
    if now = '(' then begin
      skip;
      factor := sum;
      if now = ')' then skip else wrong := true
    end else if now = '-' then begin
      skip;
      factor := -factor
    end else begin
      if (now < '0') or (now > '9') then wrong := true;
      while (now >= '0') and (now <= '9') do begin
        value := 10 * value + ord(now) - ord('0');
        at := at + 1
      end;
      at := at - 1;
      skip;
      factor := value
    end
  end;

  function product: integer;
  var value, divisor: integer; sign: char;
  begin
    value := factor;
    while (now = '*') or (now = '/') do begin
      sign := now;
      skip;
      if sign = '*' then value := value * factor
      else begin
        divisor := factor;
        if divisor = 0 then wrong := true else value := value div divisor
      end
    end;
    product := value
  end;

begin
  value := product;
  while (now = '+') or (now = '-') do begin
    sign := now;
    skip;
    if sign = '+' then value := value + product else value := value - product
  end;
  sum := value
end;

procedure answer;
var value: integer;
begin
  at := 0;
  wrong := false;
  skip;
  value := sum;
  if wrong or (at <= length(line)) then writeln('what?') else writeln('= ', value)
end;

begin
  repeat
    readln(line);
    if length(line) > 0 then answer
  until eof or (length(line) = 0)
end.
