/* Uses every call of the handle library that the shim knows: writes a file, looks at it, renames it, and
 * makes every error that can be made.  Its output is the same whoever does the calls.
 */

#include "../handles.h"

static handle out;

static void say(const struct text *text) { WriteText(out, text); }

static void say_number(uint32_t value)
{
	uint16_t digits[10];
	uint32_t n = 10;
	do
		digits[--n] = (uint16_t)('0' + value % 10);
	while ((value /= 10) > 0);
	say(&(const struct text){ 10 - n, digits + n });
}

/* What a call gave, and why. */
static void tell(const struct text *what, uint32_t result)
{
	uint32_t error = LastError();
	say(what);
	say(result ? TEXT(": done, error ") : TEXT(": failed, error "));
	say_number(error);
	say(TEXT("\n"));
}

static void write_file(void)
{
	static const char line[] = "one line of the report\n";
	uint32_t put, where;
	handle file;
	tell(TEXT("create"), OpenFile(&file, TEXT("\\tmp\\report"), ACCESS_READ | ACCESS_WRITE, CREATE_ALWAYS));
	for (int i = 0; i < 40; i++)
		if (!WriteFile(file, &put, line, sizeof(line) - 1) || put != sizeof(line) - 1)
			tell(TEXT("write"), 0);
	WriteText(file, TEXT("gr\u00fc\u00dfe, \u20ac, \U0001F600\n"));
	tell(TEXT("position"), SetPosition(file, FROM_BEGINNING, 9, &where));
	tell(TEXT("overwrite"), WriteFile(file, &put, "LINE", 4));
	tell(TEXT("from the end"), SetPosition(file, FROM_END, -5, &where));
	say_number(where);
	tell(TEXT(" before the beginning"), SetPosition(file, FROM_BEGINNING, -1, &where));
	tell(TEXT("size"), FileSize(file, &where));
	say_number(where);
	say(TEXT(" bytes, handle "));
	say_number(file);
	say(TEXT("\n"));
	tell(TEXT("close"), CloseHandle(file));
	tell(TEXT("close again"), CloseHandle(file));
}

static void append(const struct text *name)
{
	handle file;
	uint32_t put;
	tell(TEXT("append"), OpenFile(&file, name, ACCESS_APPEND, OPEN_ALWAYS));
	WriteFile(file, &put, "appended\n", 9);
	CloseHandle(file);
}

static uint32_t checksum(const struct text *name)
{
	handle file;
	uint32_t got, sum = 5381, room = 100;
	uint8_t *bytes = Allocate(room);
	if (!OpenFile(&file, name, ACCESS_READ, OPEN_EXISTING))
		return 0;
	while (ReadFile(file, &got, bytes, room) && got > 0)
		for (uint32_t i = 0; i < got; i++)
			sum = sum * 33 + bytes[i];
	CloseHandle(file);
	return sum;
}

static void names(void)
{
	handle file;
	tell(TEXT("directory"), MakeDirectory(TEXT("\\tmp\\reports")));
	tell(TEXT("directory again"), MakeDirectory(TEXT("\\tmp\\reports")));
	tell(TEXT("rename"), RenameFile(TEXT("\\tmp\\reports\\first"), TEXT("\\tmp\\report")));
	tell(TEXT("rename again"), RenameFile(TEXT("\\tmp\\reports\\first"), TEXT("\\tmp\\report")));
	tell(TEXT("delete a full directory"), DeleteName(TEXT("\\tmp\\reports")));
	tell(TEXT("delete nothing"), DeleteName(TEXT("\\tmp\\report")));
	tell(TEXT("open nothing"), OpenFile(&file, TEXT("\\tmp\\report"), ACCESS_READ, OPEN_EXISTING));
	tell(TEXT("create what is there"), OpenFile(&file, TEXT("\\tmp\\reports\\first"), ACCESS_WRITE, CREATE_NEW));
	tell(TEXT("through a file"), OpenFile(&file, TEXT("\\tmp\\reports\\first\\x"), ACCESS_READ, OPEN_EXISTING));
	tell(TEXT("write a directory"), OpenFile(&file, TEXT("\\tmp\\reports"), ACCESS_WRITE, OPEN_EXISTING));
	tell(TEXT("an unknown disposition"), OpenFile(&file, TEXT("\\tmp\\x"), ACCESS_READ, 9));
	tell(TEXT("too long a name"), DeleteName(TEXT("\\tmp\\a name of more than a hundred and twenty-eight characters, which neither of "
	     "the two libraries that might be beneath this program takes for a path")));
}

static void handles(void)
{
	uint32_t n, high, low;
	tell(TEXT("no standard handle"), StandardHandle(99));
	tell(TEXT("read nothing's"), ReadFile(0, &n, &high, 4));
	tell(TEXT("read no handle"), ReadFile(7, &n, &high, 4));
	tell(TEXT("write the input's"), WriteFile(StandardHandle(STANDARD_INPUT) + 400, &n, "x", 1));
	tell(TEXT("time"), Ticks(&high, &low) && high == 0 && low > 0 && ProcessNumber() > 1);
}

int main(void)
{
	out = StandardHandle(STANDARD_OUTPUT);
	write_file();
	names();
	append(TEXT("\\tmp\\reports\\first"));
	say(TEXT("checksum "));
	say_number(checksum(TEXT("\\tmp\\reports\\first")));
	say(TEXT("\n"));
	handles();
	return 42;
}
