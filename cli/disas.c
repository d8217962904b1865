/* `droste disas`: words, programs and boot images as instructions. */

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const struct option long_options[] = {
	{ "base", required_argument, NULL, 'b' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static void print_word(uint32_t address, uint32_t word)
{
	char text[80];
	disassemble(word, address, text, sizeof(text));
	printf("%8" PRIx32 ":  %08" PRIx32 "  %s\n", address, word, text);
}

/* What is left after the last whole word is shown as bytes. */
static void print_bytes(uint32_t address, const uint8_t *bytes, size_t size)
{
	for (; size >= 4; address += 4, bytes += 4, size -= 4) {
		uint32_t word;
		memcpy(&word, bytes, sizeof(word));
		print_word(address, word);
	}
	for (; size > 0; address++, bytes++, size--)
		printf("%8" PRIx32 ":  %02x        .byte\t0x%02x\n", address, *bytes, *bytes);
}

/* A word is up to 8 hexadecimal digits. */
static bool is_word(const char *text, uint32_t *word)
{
	int end = 0;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		text += 2;
	size_t n = strspn(text, "0123456789abcdefABCDEF");
	return n > 0 && n <= 8 && text[n] == '\0' && sscanf(text, "%" SCNx32 "%n", word, &end) == 1;
}

static bool print_elf(const struct file *file, struct refusal *why)
{
	struct program program;
	if (!program_read(&program, file->bytes, file->size, why))
		return false;
	for (unsigned i = 0; i < program.segments; i++)
		print_bytes(program.segment[i].address, program.segment[i].data, program.segment[i].file_bytes);
	return true;
}

static bool print_disk(const struct file *file, struct refusal *why)
{
	struct boot_disk disk;
	if (!disk_from_file(&disk, file->bytes, file->size, 0, why))
		return false;
	print_bytes(0, disk.image, (size_t)disk_data_sector(&disk) * SECTOR);
	disk_free(&disk);
	return true;
}

static int print_file(const char *path, uint32_t base)
{
	struct file file;
	struct refusal why;
	bool printed = file_read_guest(&file, path, &why);
	if (printed && file_is_elf(file.bytes, file.size))
		printed = print_elf(&file, &why);
	else if (printed && file_is_disk(file.bytes, file.size))
		printed = print_disk(&file, &why);
	else if (printed)
		print_bytes(base, file.bytes, file.size);
	file_free(&file);
	return printed ? 0 : complain("%s: %s", path, why.text);
}

static int print_arguments(char **arguments, uint32_t base)
{
	uint32_t word;
	for (; *arguments; arguments++) {
		if (is_word(*arguments, &word)) {
			print_word(base, word);
			base += 4;
		} else if (print_file(*arguments, base) != 0) {
			return EXIT_DROSTE;
		}
	}
	return 0;
}

static bool take_base(void *base, int option, const char *value)
{
	(void)option;
	return option_number(value, UINT32_MAX, base) ||
	       complain("--base '%s': give an address of 32 bits, such as 4096 or 0x1000", value) == 0;
}

static int disas(const struct command *self, int argc, char **argv)
{
	uint64_t base = 0;
	const struct option_table table = { "hb:", long_options, false, take_base, &base };
	int status = options_parse(&table, self, argc, argv);
	if (status >= 0)
		return status;
	if (optind == argc)
		return complain("disas: no word or file to disassemble: see 'droste help disas'");
	return print_arguments(argv + optind, (uint32_t)base);
}

const struct command disas_command = {
	.name = "disas",
	.summary = "disassemble words, programs and boot images",
	.usage =
		"Usage: droste disas [--base ADDRESS] WORD|FILE...\n"
		"\n"
		"A WORD is up to 8 hexadecimal digits, with or without 0x; what is no word is a\n"
		"FILE: an ELF file, a boot disk, or raw code; or the name of a standard guest, such\n"
		"as hello.\n"
		"\n"
		"  -b, --base ADDRESS   where the words, or the raw code, stand (default 0)\n",
	.run = disas,
};
