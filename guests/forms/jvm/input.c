/* What stands on the input: class files, one behind the other, or a jar whose entries are
 * not compressed; then the program's own.  Called by vm.c (load_all), by classfile.c for the
 * bytes of a class file, and by the library for the program's.
 *
 * A jar is read from its beginning to its end, entry after entry: the directory at the end
 * says nothing that is needed.  Class files come at once or not at all, so nothing is waited for.
 */

#include <string.h>

#include "jvm.h"

static struct {
	uint8_t bytes[512];
	size_t next, n;
	size_t left;        /* of the jar's entry; SIZE_MAX: a class file by itself */
	bool ended;         /* Ctrl-D was read */
	char main_class[256];
} input;

static bool more(bool wait)
{
	if (input.next == input.n) {
		input.next = 0;
		input.n = vm_input(input.bytes, sizeof(input.bytes), wait);
	}
	return input.next < input.n;
}

void get_bytes(void *to, size_t n)
{
	if (n > input.left)
		refuse("ClassFormatError", "a class file ends too early");
	input.left -= input.left == SIZE_MAX ? 0 : n;
	for (uint8_t *byte = to; n > 0; n--) {
		if (!more(false))
			refuse("ClassFormatError", "the input ends in the middle of a class file or jar");
		*byte++ = input.bytes[input.next++];
	}
}

int next_input(void)
{
	enum { CTRL_D = 4 };
	if (!input.ended && more(true) && input.bytes[input.next++] != CTRL_D)
		return input.bytes[input.next - 1];
	input.ended = true;
	return -1;
}

const char *main_class(void) { return *input.main_class ? input.main_class : NULL; }

/* ---- jars --------------------------------------------------------------- */

static void skip(size_t n)
{
	for (uint8_t byte; n > 0; n--)
		get_bytes(&byte, 1);
}

static unsigned little(const uint8_t *bytes, unsigned n)
{
	unsigned value = 0;
	while (n-- > 0)
		value = value << 8 | bytes[n];
	return value;
}

/* 'Main-Class: NAME' on a line of its own. */
static void read_manifest(size_t n)
{
	static const char key[] = "Main-Class: ";
	char *text = vm_borrow(n + 1), *line = text;
	get_bytes(text, n);
	if (strncmp(text, key, sizeof(key) - 1) != 0)
		line = strstr(text, "\nMain-Class: ");
	if (line) {
		line += *line == '\n';
		line += sizeof(key) - 1;
		size_t length = strcspn(line, "\r\n ");
		for (size_t i = 0; i < length && i < sizeof(input.main_class) - 1; i++)
			input.main_class[i] = (char)(line[i] == '.' ? '/' : line[i]);
	}
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), k = strlen(end);
	return n >= k && strcmp(text + n - k, end) == 0;
}

/* What follows the signature: 26 bytes, the name, a field to skip, the bytes. */
static void read_entry(void)
{
	enum { HEADER = 26, FLAGS = 2, METHOD = 4, SIZE = 14, NAME = 22, EXTRA = 24, NAME_MOST = 256, SIZE_FOLLOWS = 8 };
	uint8_t header[HEADER];
	char name[NAME_MOST] = "";
	get_bytes(header, HEADER);
	unsigned length = little(header + NAME, 2);
	if (length >= NAME_MOST)
		refuse("ZipException", "an entry of the jar has a name of %u bytes", length);
	get_bytes(name, length);
	skip(little(header + EXTRA, 2));
	if (header[METHOD] != 0 || header[FLAGS] & SIZE_FOLLOWS)
		refuse("ZipException", "%s is compressed in the jar: make it with 'jar --create --no-compress'", name);
	input.left = little(header + SIZE, 4);
	if (ends_with(name, ".class") && !ends_with(name, "module-info.class"))
		class_read();
	else if (strcmp(name, "META-INF/MANIFEST.MF") == 0)
		read_manifest(input.left);
	skip(input.left);
	input.left = SIZE_MAX;
}

/* Its directory: one row an entry, then the end. */
static void skip_directory_row(void)
{
	enum { HEADER = 42, NAME = 24, EXTRA = 26, COMMENT = 28 };
	uint8_t header[HEADER];
	get_bytes(header, HEADER);
	skip(little(header + NAME, 2) + little(header + EXTRA, 2) + little(header + COMMENT, 2));
}

static void skip_directory_end(void)
{
	enum { HEADER = 18, COMMENT = 16 };
	uint8_t header[HEADER];
	get_bytes(header, HEADER);
	skip(little(header + COMMENT, 2));
}

static void read_jar(void)
{
	enum { ENTRY = 0x04034b50, DIRECTORY = 0x02014b50, END = 0x06054b50 };
	for (;;) {
		uint8_t signature[4];
		get_bytes(signature, sizeof(signature));
		switch (little(signature, sizeof(signature))) {
		case ENTRY:     read_entry(); break;
		case DIRECTORY: skip_directory_row(); break;
		case END:       skip_directory_end(); return;
		default:        refuse("ZipException", "not a jar, or a damaged one");
		}
	}
}

void load_all(void)
{
	enum { JAR = 'P', CLASS = 0xCA };
	memset(&input, 0, sizeof(input));
	input.left = SIZE_MAX;
	if (!more(false))
		refuse("NoClassDefFoundError", "no class on the input; droste run --eof -i FILE.class or -i FILE.jar");
	if (input.bytes[input.next] == JAR) {
		read_jar();
		return;
	}
	do
		class_read();
	while (more(false) && input.bytes[input.next] == CLASS);
}
