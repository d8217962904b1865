/* How a machine starts: reset, IPL from a disk and what it refuses, ELF files and
 * what is refused of them (machine.md, Reset and IPL).
 */

#include <elf.h>
#include <stdlib.h>

#include "rig.h"

/* ---- reset and IPL ------------------------------------------------------ */

/* A boot disk whose image says it has that many sectors. */
static void make_boot_disk(struct rig *rig, uint32_t magic, uint32_t sectors)
{
	uint32_t *words = (uint32_t *)rig->disk;
	for (uint32_t i = 0; i < sizeof(rig->disk) / 4; i++)
		words[i] = 0xA0000000 + i;
	uint32_t psw[5] = { 0x200, STATUS_M | 0xF8, 0, BOUND_ALL, 9 };
	memcpy(rig->disk + CELL_NEW_PSW, psw, sizeof(psw));
	words[CELL_MAGIC / 4] = magic;
	words[CELL_SECTORS / 4] = sectors;
}

/* Some state that a reset must forget. */
static void disturb(struct rig *rig)
{
	for (unsigned i = 1; i < 32; i++)
		rig_set_x(rig, i, i);
	for (uint32_t at = 0; at < RIG_STORAGE; at += 4)
		rig_put(rig, at, 0x77777777);
	RIG_PROGRAM(rig, as_addi(X1, X1, 1));
	rig_run(rig, 1);
	rig_sio(rig, (struct command_block){ DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 });
	rig_sio(rig, (struct command_block){ DEVICE_CONSOLE, CONSOLE_ARM, 1, 0, 0, 0 });
	rig_input(rig, 1, "x");
}

static void expect_reset(struct rig *rig)
{
	for (unsigned i = 0; i < 32; i++)
		cr_expect(eq(u32, rig_x(rig, i), 0));
	cr_expect(eq(u64, machine_clock(rig->m), 0));
	cr_expect(machine_trapped(rig->m));
	cr_expect(eq(u32, rig_word(rig, CELL_CAUSE), CAUSE_RESET));
	cr_expect(eq(u32, rig_word(rig, CELL_TVAL), RIG_STORAGE));
	EXPECT_PSW(rig_psw_at(rig, CELL_OLD_PSW), ((struct psw){ 0 }));
	for (unsigned line = 0; line < RIG_LINES; line++)
		cr_expect(not(machine_line(rig->m, line).armed || machine_line(rig->m, line).pending));
	cr_expect(eq(sz, machine_line(rig->m, 1).waiting, 1), "the input that waits stays");
	struct machine_counts counts = machine_counts(rig->m);
	cr_expect(eq(u64, counts.instructions, 0));
	cr_expect(eq(u64, counts.traps[CAUSE_RESET], 1));
}

Test(load, ipl_loads_the_sectors_that_sector_0_asks_for)
{
	for (uint32_t sectors = 1; sectors <= RIG_DISK_SECTORS; sectors++) {
		struct rig *rig = rig_new();
		make_boot_disk(rig, BOOT_MAGIC, sectors);
		disturb(rig);
		machine_ipl(rig->m);
		expect_reset(rig);
		EXPECT_PSW(machine_psw(rig->m), ((struct psw){ 0x200, STATUS_M, 0, BOUND_ALL, 9 }));
		cr_expect(machine_end(rig->m) == MACHINE_RUNNING);
		cr_expect(memcmp(machine_storage(rig->m) + 0x1C, rig->disk + 0x1C, sectors * SECTOR - 0x1C) == 0);
		for (uint32_t at = sectors * SECTOR; at < RIG_STORAGE; at += 4)
			cr_assert(eq(u32, rig_word(rig, at), 0), "storage at 0x%x", at);
		rig_free(rig);
	}
}

/* With nothing loaded the PSW is 0, and the first fetch is a second trap. */
Test(load, ipl_of_what_is_no_boot_disk_loads_nothing_and_check_stops)
{
	const struct { uint32_t magic, sectors; } cases[] = {
		{ BOOT_MAGIC, 0 }, { BOOT_MAGIC, RIG_DISK_SECTORS + 1 }, { BOOT_MAGIC, UINT32_MAX },
		{ BOOT_MAGIC, UINT32_C(1) << 23 }, { BOOT_MAGIC + 1, 1 }, { 0, 1 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig *rig = rig_new();
		make_boot_disk(rig, cases[i].magic, cases[i].sectors);
		disturb(rig);
		machine_ipl(rig->m);
		expect_reset(rig);
		EXPECT_PSW(machine_psw(rig->m), ((struct psw){ 0 }));
		for (uint32_t at = 0x1C; at < RIG_STORAGE; at += 4)
			cr_assert(eq(u32, rig_word(rig, at), 0), "storage at 0x%x", at);
		cr_expect(rig_run(rig, 5) == STOP_END);
		cr_expect(machine_end(rig->m) == MACHINE_CHECK_STOPPED);
		cr_expect(eq(u32, rig_word(rig, CELL_CAUSE), CAUSE_MEMORY));
		cr_expect(eq(u32, rig_word(rig, CELL_TVAL), 0));
		rig_free(rig);
	}
}

Test(load, ipl_without_a_disk_check_stops)
{
	struct rig *rig = rig_new();
	machine_attach_disk(rig->m, NULL, 0);
	machine_ipl(rig->m);
	cr_expect(rig_run(rig, 5) == STOP_END);
	cr_expect(machine_end(rig->m) == MACHINE_CHECK_STOPPED);
	rig_free(rig);
}

Test(load, ipl_of_more_than_storage_has_loads_nothing)
{
	for (uint32_t sectors = 2; sectors <= 3; sectors++) {
		struct rig *rig = rig_new_as((struct machine_config){ .storage = 1532, .lines = 1 });
		make_boot_disk(rig, BOOT_MAGIC, sectors);
		machine_ipl(rig->m); /* 1532 bytes are two sectors and a rest */
		cr_expect(eq(u32, rig_word(rig, 0x200) != 0, sectors == 2));
		rig_free(rig);
	}
}

Test(load, an_interrupt_pending_at_once_after_ipl_is_a_check_stop)
{
	struct rig *rig = rig_new();
	make_boot_disk(rig, BOOT_MAGIC, 1);
	uint32_t psw[5] = { 0x200, STATUS_IE | STATUS_TE, 0, BOUND_ALL, 0 };
	memcpy(rig->disk + CELL_NEW_PSW, psw, sizeof(psw));
	machine_ipl(rig->m);
	cr_expect(rig_run(rig, 5) == STOP_END);
	cr_expect(machine_end(rig->m) == MACHINE_CHECK_STOPPED);
	cr_expect(eq(u32, rig_word(rig, CELL_CAUSE), CAUSE_TIMER));
	rig_free(rig);
}

Test(load, ecall_as_the_first_instruction_after_ipl_is_a_check_stop)
{
	struct rig *rig = rig_new();
	make_boot_disk(rig, BOOT_MAGIC, 2);
	((uint32_t *)rig->disk)[0x200 / 4] = as_ecall();
	machine_ipl(rig->m);
	cr_expect(rig_run(rig, 5) == STOP_END);
	cr_expect(machine_end(rig->m) == MACHINE_CHECK_STOPPED);
	cr_expect(eq(u32, rig_word(rig, CELL_CAUSE), CAUSE_SVC));
	rig_free(rig);
}

Test(load, a_machine_that_has_ended_runs_again_after_ipl)
{
	struct rig *rig = rig_new();
	make_boot_disk(rig, BOOT_MAGIC, 2);
	uint32_t psw[5] = { 0x200, 0, 0, BOUND_ALL, 0 };
	memcpy(rig->disk + CELL_NEW_PSW, psw, sizeof(psw));
	((uint32_t *)rig->disk)[0x200 / 4] = as_addi(X1, X0, 6);
	((uint32_t *)rig->disk)[0x204 / 4] = as_halt(X1);
	for (int i = 0; i < 3; i++) {
		machine_ipl(rig->m);
		cr_expect(machine_end(rig->m) == MACHINE_RUNNING);
		cr_expect(rig_run(rig, 100) == STOP_END);
		cr_expect(eq(u8, machine_exit_code(rig->m), 6));
	}
	rig_free(rig);
}

/* ---- ELF files ---------------------------------------------------------- */

/* An ELF file of one segment, to be spoiled. */
struct elf_file {
	Elf32_Ehdr header;
	Elf32_Phdr segment;
	uint32_t code[4];
};

static struct elf_file good_elf(void)
{
	return (struct elf_file){
		.header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = EV_CURRENT, .e_entry = 0x1008,
			.e_phoff = offsetof(struct elf_file, segment), .e_ehsize = sizeof(Elf32_Ehdr),
			.e_phentsize = sizeof(Elf32_Phdr), .e_phnum = 1, .e_shentsize = sizeof(Elf32_Shdr),
		},
		.segment = {
			.p_type = PT_LOAD, .p_offset = offsetof(struct elf_file, code), .p_vaddr = 0x90001000,
			.p_paddr = 0x1000, .p_filesz = 16, .p_memsz = 0x800, .p_flags = PF_R | PF_X, .p_align = 4,
		},
		.code = { 1, 2, as_addi(X1, X0, 3), as_halt(X1) },
	};
}

static bool load(struct rig *rig, const struct elf_file *file, size_t size, struct refusal *why)
{
	return machine_load_elf(rig->m, file, size, why);
}

Test(load, an_elf_file_is_loaded_at_its_physical_addresses)
{
	struct rig *rig = rig_new();
	disturb(rig);
	struct elf_file file = good_elf();
	struct refusal why;
	cr_assert(load(rig, &file, sizeof(file), &why), "%s", why.text);
	expect_reset(rig);
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ 0x1008, 0, 0, BOUND_ALL, 0 }));
	cr_expect(eq(u32, rig_word(rig, 0x1000), 1));
	cr_expect(eq(u32, rig_word(rig, 0x1010), 0));
	cr_expect(eq(u32, rig_word(rig, 0xFFC), 0));
	cr_expect(rig_run(rig, 5) == STOP_END);
	cr_expect(eq(u8, machine_exit_code(rig->m), 3));
	rig_free(rig);
}

Test(load, an_elf_file_that_covers_the_new_psw_brings_its_own)
{
	for (uint32_t at = 0; at <= 0x3C; at += 4) {
		struct rig *rig = rig_new();
		struct elf_file file = good_elf();
		file.segment.p_paddr = at;
		file.segment.p_memsz = 16;
		file.code[0] = file.code[1] = file.code[2] = file.code[3] = 0x100;
		cr_assert(load(rig, &file, sizeof(file), NULL));
		bool covers = at + 16 > 0x20 && at < 0x34;
		struct psw entry = { 0x1008, 0, 0, BOUND_ALL, 0 };
		struct psw own = psw_normal(rig_psw_at(rig, CELL_NEW_PSW));
		EXPECT_PSW(machine_psw(rig->m), covers ? own : entry);
		cr_expect(eq(u32, own.pc == 0x1008, !covers));
		rig_free(rig);
	}
}

/* Everything is as it was, and why has one line. */
static void expect_refused(const struct elf_file *file, size_t size, const char *word)
{
	struct rig *rig = rig_new();
	rig_set_x(rig, X5, 5);
	struct refusal why = { "" };
	cr_expect(not(load(rig, file, size, &why)), "taken: %s", word);
	cr_expect(strstr(why.text, word) != NULL && !strchr(why.text, '\n'), "'%s' does not say '%s'", why.text, word);
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ CODE, 0, 0, BOUND_ALL, 0 }));
	cr_expect(eq(u32, rig_x(rig, X5), 5));
	cr_expect(eq(u32, rig_word(rig, CELL_NEW_PSW), HANDLER));
	cr_expect(not(load(rig, file, size, NULL)));
	rig_free(rig);
}

#define EXPECT_REFUSED_WITH(change, word) \
	do { \
		struct elf_file file = good_elf(); \
		change; \
		expect_refused(&file, sizeof(file), word); \
	} while (0)

Test(load, foreign_elf_files_are_refused)
{
	EXPECT_REFUSED_WITH(file.header.e_machine = EM_386, "another processor");
	EXPECT_REFUSED_WITH(file.header.e_ident[EI_CLASS] = ELFCLASS64, "32-bit");
	EXPECT_REFUSED_WITH(file.header.e_ident[EI_DATA] = ELFDATA2MSB, "little-endian");
	EXPECT_REFUSED_WITH(file.header.e_type = ET_DYN, "link");
	EXPECT_REFUSED_WITH(file.header.e_type = ET_REL, "link");
	EXPECT_REFUSED_WITH(file.header.e_flags = 0x1, "compressed");
	EXPECT_REFUSED_WITH(file.header.e_flags = 0x2, "float");
	EXPECT_REFUSED_WITH(file.header.e_flags = 0x4, "float");
	EXPECT_REFUSED_WITH(file.header.e_flags = 0x8, "embedded");
	EXPECT_REFUSED_WITH(file.header.e_ident[0] = 'x', "not an ELF file");
}

Test(load, damaged_elf_files_are_refused)
{
	EXPECT_REFUSED_WITH(file.segment.p_filesz = 17, "outside the file");
	EXPECT_REFUSED_WITH(file.segment.p_offset = sizeof(file) + 1, "outside the file");
	EXPECT_REFUSED_WITH(file.segment.p_offset = UINT32_MAX, "outside the file");
	EXPECT_REFUSED_WITH(file.segment.p_filesz = UINT32_MAX, "outside the file");
	EXPECT_REFUSED_WITH(file.segment.p_filesz = 0x801, "outside the file");
	EXPECT_REFUSED_WITH(file.segment.p_type = PT_NOTE, "nothing to load");
	EXPECT_REFUSED_WITH(file.segment.p_memsz = file.segment.p_filesz = 0, "nothing to load");
	EXPECT_REFUSED_WITH(file.header.e_phnum = 0, "nothing to load");
	EXPECT_REFUSED_WITH(file.segment.p_paddr = 0xFFFFFF00, "32-bit address space");
	EXPECT_REFUSED_WITH(file.segment.p_paddr = RIG_STORAGE - 0x7FC, "does not fit");
	EXPECT_REFUSED_WITH(file.segment.p_memsz = 0x80000000, "does not fit");
}

Test(load, elf_files_cut_off_anywhere_are_refused)
{
	struct elf_file file = good_elf();
	for (size_t size = 0; size < sizeof(file); size++) {
		struct rig *rig = rig_new();
		void *copy = malloc(size ? size : 1); /* so that reading on is noticed */
		memcpy(copy, &file, size);
		struct refusal why = { "" };
		cr_expect(not(machine_load_elf(rig->m, copy, size, &why)), "%zu bytes are taken", size);
		cr_expect(strlen(why.text) > 10);
		free(copy);
		rig_free(rig);
	}
}

Test(load, an_elf_file_may_fill_storage_to_the_last_byte)
{
	struct rig *rig = rig_new();
	struct elf_file file = good_elf();
	file.segment.p_paddr = RIG_STORAGE - 0x800;
	struct refusal why;
	cr_expect(load(rig, &file, sizeof(file), &why));
	cr_expect(eq(u32, rig_word(rig, RIG_STORAGE - 0x800), 1));
	rig_free(rig);
}

Test(load, more_segments_than_fit_are_refused)
{
	enum { MANY = SEGMENTS_MOST + 1 };
	static struct { Elf32_Ehdr header; Elf32_Phdr segments[MANY]; } file;
	struct elf_file good = good_elf();
	file.header = good.header;
	file.header.e_phoff = sizeof(file.header);
	file.header.e_phnum = MANY;
	for (int i = 0; i < MANY; i++)
		file.segments[i] = (Elf32_Phdr){ .p_type = PT_LOAD, .p_paddr = 0x1000 + 16 * (uint32_t)i, .p_memsz = 16 };
	struct rig *rig = rig_new();
	struct refusal why = { "" };
	cr_expect(not(machine_load_elf(rig->m, &file, sizeof(file), &why)));
	cr_expect(strstr(why.text, "more than 64") != NULL, "%s", why.text);
	file.header.e_phnum = SEGMENTS_MOST;
	cr_expect(machine_load_elf(rig->m, &file, sizeof(file), &why), "%s", why.text);
	rig_free(rig);
}
