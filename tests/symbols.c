/* Names and lines of programs: those of our own monitor, held against the stock nm and
 * addr2line; and of files that are damaged, which must have none or some, and no more.
 */

#include "inspector/symbols.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

struct elf {
	uint8_t bytes[1 << 20];
	size_t n;
};

static struct elf elf;
static char path[512];

static void read_monitor(void)
{
	const char *folder = getenv("PG32");
	snprintf(path, sizeof(path), "%s/monitor.elf", folder ? folder : "build");
	FILE *file = fopen(path, "rb");
	cr_assert(file != NULL, "no %s", path);
	elf.n = fread(elf.bytes, 1, sizeof(elf.bytes), file);
	fclose(file);
}

/* Each line that a stock tool says of the monitor, up to most. */
static unsigned each_line(const char *command, unsigned most, void (*check)(const struct symbols *symbols, char *line))
{
	char line[512];
	unsigned n = 0;
	struct symbols *symbols = symbols_read(elf.bytes, elf.n, path);
	FILE *pipe = popen(command, "r"); // NOLINT(cert-env33-c)
	cr_assert(symbols && pipe);
	for (; n < most && fgets(line, sizeof(line), pipe); n++)
		check(symbols, line);
	pclose(pipe);
	symbols_free(symbols);
	return n;
}

static void check_name(const struct symbols *symbols, char *line)
{
	char *name = strrchr(line, ' ') + 1;
	uint32_t address = (uint32_t)strtoul(line, NULL, 16), found, offset;
	name[strcspn(name, "\n")] = '\0';
	cr_assert(symbols_address(symbols, name, &found), "no %s", name);
	cr_expect(found == address, "%s", name);
	const char *named = symbols_name(symbols, address, &offset);
	cr_expect(named && strcmp(named, name) == 0, "%s", name);
	cr_expect(offset == 0, "%s", name);
}

Test(symbols, names_are_those_of_nm)
{
	read_monitor();
	char command[700];
	snprintf(command, sizeof(command), CROSS "nm -n %s | grep -i ' t [a-z_]*$' | grep -v ' [a-z_]*_[0-9]*$'", path);
	cr_expect(each_line(command, 1000, check_name) > 20);
}

static uint32_t asked;

static void check_line(const struct symbols *symbols, char *line)
{
	struct source_line here = symbols_line(symbols, asked);
	char *colon = strrchr(line, ':'), *slash = strrchr(line, '/');
	unsigned number = (unsigned)strtoul(colon + 1, NULL, 10);
	*colon = '\0';
	asked += 4;
	if (number == 0)
		return;
	cr_assert(here.file != NULL, "0x%x has no line; addr2line says %s:%u", asked - 4, line, number);
	cr_expect(here.line == number, "0x%x is line %u; addr2line says %u", asked - 4, here.line, number);
	cr_expect(strstr(here.file, slash ? slash + 1 : line) != NULL);
}

Test(symbols, lines_are_those_of_addr2line)
{
	read_monitor();
	char command[700];
	asked = 0x104;
	snprintf(command, sizeof(command), "seq -f '%%.0f' 260 4 6600 | xargs printf '%%x\\n' | " CROSS "addr2line -e %s", path);
	cr_expect(each_line(command, 1500, check_line) > 1000);
}

Test(symbols, lines_and_files_are_found_by_their_last_part)
{
	read_monitor();
	uint32_t address, whole;
	struct symbols *symbols = symbols_read(elf.bytes, elf.n, path);
	cr_assert(symbols_line_address(symbols, "dispatcher.c", 60, &address));
	cr_expect(strcmp(symbols_name(symbols, address, NULL), "dispatcher") == 0);
	cr_expect(symbols_line_address(symbols, "monitor/dispatcher.c", 60, &whole) && whole == address);
	cr_expect(symbols_line_address(symbols, "patcher.c", 60, &address) == false);
	cr_expect(symbols_line_address(symbols, "dispatcher.c", 60000, &address) == false);
	cr_expect(strcmp(symbols_match(symbols, "trap_ent", 0), "trap_entry") == 0);
	cr_expect(symbols_match(symbols, "trap_ent", 1) == NULL);
	symbols_free(symbols);
}

Test(symbols, none_at_all_has_nothing)
{
	uint32_t address;
	cr_expect(symbols_read("no ELF file", 11, "x") == NULL);
	cr_expect(symbols_name(NULL, 0, NULL) == NULL);
	cr_expect(symbols_line(NULL, 0).file == NULL);
	cr_expect(symbols_match(NULL, "", 0) == NULL);
	cr_expect(symbols_address(NULL, "main", &address) == false);
	cr_expect(symbols_line_address(NULL, "main.c", 1, &address) == false);
}

/* Whatever it says, it comes back. */
static void ask_everything(const struct symbols *symbols)
{
	uint32_t address, offset;
	for (uint32_t at = 0; at < 0x2000; at += 16) {
		symbols_name(symbols, at, &offset);
		symbols_line(symbols, at);
	}
	symbols_address(symbols, "dispatcher", &address);
	symbols_line_address(symbols, "boot.c", 12, &address);
	symbols_match(symbols, "m", 2);
}

Test(symbols, damaged_files_do_no_harm)
{
	read_monitor();
	static uint8_t damaged[sizeof(elf.bytes)];
	struct dice dice = { 1 };
	for (unsigned i = 0; i < 300; i++) {
		size_t n = i % 3 ? elf.n : dice_below(&dice, (uint32_t)elf.n);
		memcpy(damaged, elf.bytes, n);
		for (unsigned flips = dice_below(&dice, 20); n > 0 && flips > 0; flips--)
			damaged[dice_below(&dice, i % 2 ? 300 : (uint32_t)n) % n] = (uint8_t)dice_below(&dice, 256);
		struct symbols *symbols = symbols_read(damaged, n, path);
		ask_everything(symbols);
		symbols_free(symbols);
	}
}
