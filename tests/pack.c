/* Boot disks in memory: what packing makes, what a walk through nested
 * directories finds, and what of them is refused (window.h, boot disks).
 */

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>

#include "rig.h"

/* ---- small programs ----------------------------------------------------- */

/* An ELF file with one segment of words at an address. */
struct program_file {
	Elf32_Ehdr header;
	Elf32_Phdr segment;
	uint32_t words[128];
};

static struct program_file program_at(uint32_t address)
{
	return (struct program_file){
		.header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = EV_CURRENT, .e_entry = address,
			.e_phoff = offsetof(struct program_file, segment), .e_ehsize = sizeof(Elf32_Ehdr),
			.e_phentsize = sizeof(Elf32_Phdr), .e_phnum = 1, .e_shentsize = sizeof(Elf32_Shdr),
		},
		.segment = {
			.p_type = PT_LOAD, .p_offset = offsetof(struct program_file, words), .p_paddr = address,
			.p_filesz = 512, .p_memsz = 512,
		},
	};
}

/* Halts with 42. */
static struct program_file a_guest(void)
{
	struct program_file file = program_at(0x400);
	file.words[0] = as_addi(X10, X0, 42);
	file.words[1] = as_halt(X10);
	return file;
}

/* Something with an anchor: enough to be packed under. */
static struct program_file a_monitor(void)
{
	struct program_file file = program_at(0);
	file.header.e_entry = 0x104;
	file.words[CELL_NEW_PSW / 4] = 0x104;
	file.words[CELL_NEW_PSW / 4 + 3] = BOUND_ALL;
	file.words[CELL_ANCHOR / 4] = ANCHOR_MAGIC;
	file.words[0x104 / 4] = as_halt(X0);
	return file;
}

static struct boot_disk disk_of(const struct program_file *file, uint32_t spare)
{
	struct boot_disk disk;
	struct refusal why;
	cr_assert(disk_from_file(&disk, file, sizeof(*file), spare, &why), "%s", why.text);
	return disk;
}

static uint32_t word_of(const struct boot_disk *disk, uint32_t at)
{
	uint32_t word;
	memcpy(&word, disk->image + at, 4);
	return word;
}

static void put_word(struct boot_disk *disk, uint32_t at, uint32_t word) { memcpy(disk->image + at, &word, 4); }

static struct vm_plan plan_of(struct boot_disk disk, const char *name)
{
	struct vm_plan vm = { .disk = disk, .storage = 0x4000, .lines = 2 };
	plan_set_name(&vm, name);
	return vm;
}

/* depth monitors above n guests. */
static struct vm_plan stack_of(unsigned depth, unsigned n)
{
	struct program_file guest = a_guest(), monitor = a_monitor();
	struct vm_plan vms[DIRECTORY_ENTRIES], host;
	struct pack_monitor monitors[8];
	struct refusal why;
	for (unsigned i = 0; i < n; i++)
		vms[i] = plan_of(disk_of(&guest, 3 + i), "some/guest.elf");
	for (unsigned i = 0; i < depth; i++)
		monitors[i] = (struct pack_monitor){ &monitor, sizeof(monitor), "monitor.elf" };
	cr_assert(pack_stack(&host, monitors, depth, vms, n, &why), "%s", why.text);
	for (unsigned i = 0; i < n; i++)
		disk_free(&vms[i].disk);
	return host;
}

/* ---- one disk ----------------------------------------------------------- */

Test(pack, a_program_becomes_a_boot_image_that_says_how_long_it_is)
{
	struct program_file file = a_guest();
	struct boot_disk disk = disk_of(&file, 5);
	cr_expect(eq(u32, disk.sectors, 0x600 / SECTOR + 5));
	cr_expect(eq(u32, word_of(&disk, CELL_MAGIC), BOOT_MAGIC));
	cr_expect(eq(u32, word_of(&disk, CELL_SECTORS), 3));
	cr_expect(eq(u32, disk_data_sector(&disk), 3));
	cr_expect(eq(u32, word_of(&disk, CELL_NEW_PSW), 0x400));
	disk_free(&disk);
	cr_expect(disk.image == NULL && disk.sectors == 0);
}

Test(pack, the_disk_boots)
{
	struct program_file file = a_guest();
	struct boot_disk disk = disk_of(&file, 0);
	struct rig *rig = rig_new();
	machine_attach_disk(rig->m, disk.image, disk.sectors);
	machine_ipl(rig->m);
	cr_expect(rig_run(rig, 10) == STOP_END);
	cr_expect(eq(u8, machine_exit_code(rig->m), 42));
	rig_free(rig);
	disk_free(&disk);
}

Test(pack, a_boot_disk_is_copied)
{
	struct program_file file = a_guest();
	struct boot_disk disk = disk_of(&file, 2), copy;
	struct refusal why;
	cr_assert(disk_from_file(&copy, disk.image, disk.sectors * SECTOR, 9, &why), "%s", why.text);
	cr_expect(eq(u32, copy.sectors, disk.sectors));
	cr_expect(memcmp(copy.image, disk.image, disk.sectors * SECTOR) == 0);
	disk_free(&copy);
	disk_free(&disk);
}

Test(pack, data_come_after_the_boot_image)
{
	struct program_file file = a_guest();
	struct boot_disk disk = disk_of(&file, 1);
	struct refusal why;
	cr_assert(disk_set_data(&disk, "hello", 5, &why));
	cr_expect(eq(u32, disk.sectors, 4));
	cr_expect(memcmp(disk.image + 3 * SECTOR, "hello\0", 6) == 0);
	cr_assert(disk_set_data(&disk, NULL, 0, &why));
	cr_expect(eq(u32, disk.sectors, 3));
	disk_free(&disk);
}

Test(pack, files_tell_what_they_are)
{
	struct program_file file = a_guest();
	struct boot_disk disk = disk_of(&file, 1);
	cr_expect(file_is_elf(&file, sizeof(file)) && !file_is_disk(&file, sizeof(file)));
	cr_expect(file_is_disk(disk.image, SECTOR) && !file_is_elf(disk.image, SECTOR));
	cr_expect(not(file_is_elf("\177EL", 3)));
	cr_expect(not(file_is_disk(disk.image, CELL_FREE - 1)));
	disk_free(&disk);
}

Test(pack, what_is_no_program_and_no_disk_is_refused)
{
	struct boot_disk disk;
	struct refusal why = { "" };
	cr_expect(not(disk_from_file(&disk, "", 0, 0, &why)));
	cr_expect(strstr(why.text, "empty") != NULL);
	cr_expect(not(disk_from_file(&disk, "some text", 9, 0, &why)));
	cr_expect(strstr(why.text, "neither") != NULL);
	struct program_file file = a_guest();
	file.segment.p_paddr = 0x7FFFF000;
	cr_expect(not(disk_from_file(&disk, &file, sizeof(file), 0, &why)), "a boot image of 2 GiB");
	file = program_at(0);
	file.words[CELL_SECTORS / 4] = 77;
	cr_expect(not(disk_from_file(&disk, &file, sizeof(file), 0, &why)), "data in the boot header");
	cr_expect(disk.image == NULL);
}

/* ---- nested ------------------------------------------------------------- */

struct found {
	struct disk_node node[32];
	unsigned n;
};

static void take(void *self, const struct disk_node *node)
{
	struct found *found = self;
	cr_assert(found->n < 32);
	found->node[found->n++] = *node;
}

Test(pack, a_walk_finds_every_disk_in_its_place)
{
	struct vm_plan host = stack_of(3, 2);
	struct found found = { .n = 0 };
	struct refusal why;
	cr_assert(disk_walk(host.disk.image, host.disk.sectors, take, &found, &why), "%s", why.text);
	cr_assert(eq(u32, found.n, 5));
	for (unsigned i = 0; i < 5; i++) {
		const struct disk_node *node = &found.node[i];
		cr_expect(eq(u32, node->depth, i < 3 ? i : 3));
		cr_expect(eq(u32, node->minidisks, i < 2 ? 1 : i == 2 ? 2 : 0));
		cr_expect(eq(str, (char *)node->name, (char *)(i == 0 ? "" : i < 3 ? "monitor" : "guest")));
	}
	const struct disk_node *a = &found.node[3], *b = &found.node[4];
	cr_expect(eq(u32, a->sectors, 6));
	cr_expect(eq(u32, b->sectors, 7));
	cr_expect(a->first_sector + a->sectors <= b->first_sector);
	cr_expect(eq(u32, b->first_sector + b->sectors, host.disk.sectors));
	/* Each of three monitors keeps a line; then two lines for each guest. */
	cr_expect(eq(u32, a->first_line, 3));
	cr_expect(eq(u32, b->first_line, 5));
	cr_expect(eq(u32, host.lines, 7));
	cr_expect(eq(u32, a->storage, 0x4000));
	cr_expect(host.storage > 2 * 0x4000);
	disk_free(&host.disk);
}

Test(pack, more_than_a_machine_can_have_is_refused)
{
	struct program_file guest = a_guest(), monitor = a_monitor();
	struct pack_monitor with = { &monitor, sizeof(monitor), "monitor.elf" };
	struct vm_plan vms[DIRECTORY_ENTRIES + 1], host;
	struct refusal why = { "" };
	for (unsigned i = 0; i <= DIRECTORY_ENTRIES; i++)
		vms[i] = plan_of(disk_of(&guest, 0), "guest");
	cr_expect(not(pack_under(&host, &with, vms, 0, &why)));
	cr_expect(not(pack_under(&host, &with, vms, DIRECTORY_ENTRIES + 1, &why)));
	cr_expect(not(pack_under(&host, &with, vms, DIRECTORY_ENTRIES, &why)), "33 lines");
	cr_expect(strstr(why.text, "lines") != NULL, "%s", why.text);
	vms[0].storage = STORAGE_MOST;
	cr_expect(not(pack_under(&host, &with, vms, 1, &why)));
	cr_expect(strstr(why.text, "storage") != NULL, "%s", why.text);
	cr_expect(not(pack_stack(&host, &with, 0, vms, 1, &why)));
	for (unsigned i = 0; i <= DIRECTORY_ENTRIES; i++)
		disk_free(&vms[i].disk);
}

Test(pack, a_monitor_without_an_anchor_is_refused_by_name)
{
	struct program_file guest = a_guest(), monitor = a_guest();
	struct vm_plan vm = plan_of(disk_of(&guest, 0), "guest"), host;
	struct refusal why = { "" };
	cr_expect(not(pack_under(&host, &(struct pack_monitor){ &monitor, sizeof(monitor), "mine.elf" }, &vm, 1, &why)));
	cr_expect(strstr(why.text, "mine.elf") && strstr(why.text, "anchor"), "%s", why.text);
	disk_free(&vm.disk);
}

Test(pack, names_are_the_file_s_own_cut_to_fit)
{
	static const char *const cases[][2] = {
		{ "hello.elf", "hello" }, { "a/b/hello.elf", "hello" }, { "hello", "hello" }, { ".hidden", ".hidden" },
		{ "exactly-12ch.elf", "exactly-12ch" }, { "longer-than-twelve.elf", "longer-than-" }, { "a.b.c", "a.b" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct vm_plan vm = { .lines = 1 };
		plan_set_name(&vm, cases[i][0]);
		cr_expect(eq(str, vm.name, (char *)cases[i][1]));
	}
}

/* ---- disks that lie ----------------------------------------------------- */

/* A disk of two monitors and two guests with one word changed. */
static void expect_lie(uint32_t at, uint32_t word, const char *says)
{
	struct vm_plan host = stack_of(2, 2);
	struct boot_disk copy;
	struct refusal why = { "" };
	put_word(&host.disk, at, word);
	cr_expect(not(disk_walk(host.disk.image, host.disk.sectors, NULL, NULL, &why)), "0x%x at 0x%x is believed", word, at);
	cr_expect(strstr(why.text, says) != NULL && !strchr(why.text, '\n'), "'%s' does not say '%s'", why.text, says);
	cr_expect(not(disk_from_file(&copy, host.disk.image, host.disk.sectors * SECTOR, 0, NULL)));
	disk_free(&host.disk);
}

Test(pack, lies_of_the_boot_header_are_refused)
{
	struct vm_plan host = stack_of(2, 2);
	uint32_t sectors = host.disk.sectors;
	disk_free(&host.disk);
	expect_lie(CELL_MAGIC, 0, "PG32");
	expect_lie(CELL_SECTORS, 0, "sectors to load");
	expect_lie(CELL_SECTORS, sectors + 1, "sectors to load");
	expect_lie(CELL_SECTORS, UINT32_MAX, "sectors to load");
	expect_lie(CELL_SECTORS, 2, "inside the boot image");
	expect_lie(CELL_DIRECTORY, sectors, "after the end");
	expect_lie(CELL_DIRECTORY, UINT32_MAX, "after the end");
}

Test(pack, lies_of_a_directory_are_refused_at_every_depth)
{
	struct vm_plan host = stack_of(2, 2);
	uint32_t inner = word_of(&host.disk, SECTOR), sectors = host.disk.sectors;
	uint32_t outer_directory = SECTOR, inner_directory = inner * SECTOR + SECTOR;
	uint32_t first = word_of(&host.disk, inner_directory);
	disk_free(&host.disk);
	expect_lie(outer_directory + 0, 0, "begins inside");
	expect_lie(outer_directory + 0, 1, "begins inside");
	expect_lie(outer_directory + 0, UINT32_MAX, "ends after");
	expect_lie(outer_directory + 4, sectors, "ends after");
	expect_lie(outer_directory + 4, UINT32_MAX, "ends after");
	expect_lie(outer_directory + 4, 0, "empty");
	expect_lie(outer_directory + 8, STORAGE_MOST + 4, "storage");
	expect_lie(outer_directory + 12, LINES_MOST + 1, "lines");
	expect_lie(inner_directory + 32, first, "overlaps");
	expect_lie(inner_directory + 32, first + 5, "overlaps");
	expect_lie(inner_directory + 36, 8, "ends after");
	expect_lie(inner_directory + 36, 8, "1 deep");
}

Test(pack, a_disk_cut_off_is_refused)
{
	struct vm_plan host = stack_of(1, 1);
	struct refusal why = { "" };
	struct boot_disk copy;
	for (uint32_t sectors = 0; sectors < host.disk.sectors; sectors++)
		cr_expect(not(disk_walk(host.disk.image, sectors, NULL, NULL, &why)), "%u of %u sectors", sectors, host.disk.sectors);
	cr_expect(not(disk_from_file(&copy, host.disk.image, host.disk.sectors * SECTOR - 1, 0, &why)));
	disk_free(&host.disk);
}

/* ---- coupled lines ------------------------------------------------------ */

/* What a walk says of them, as text: "a:1-b:1 ...". */
static void note_couplings(void *self, const struct disk_node *node)
{
	char *text = self;
	for (unsigned i = 0; i < node->couplings; i++)
		sprintf(text + strlen(text), "%s:%u-%s:%u ", node->name, (unsigned)node->coupling[i].line, node->coupling[i].with,
		        (unsigned)node->coupling[i].with_line);
}

Test(pack, lines_are_coupled_in_the_directory_and_found_there)
{
	struct program_file guest = a_guest(), monitor = a_monitor();
	struct pack_monitor with = { &monitor, sizeof(monitor), "monitor.elf" };
	struct vm_plan vms[2] = { plan_of(disk_of(&guest, 0), "a"), plan_of(disk_of(&guest, 0), "b") }, host, outer;
	const struct coupling good[] = { { 1, 1, 2, 1 }, { 2, 0, 1, 0 } };
	static const struct coupling bad[][2] = {
		{ { 1, 2, 2, 1 } }, { { 3, 0, 1, 0 } }, { { 1, 0, 0, 0 } }, { { 1, 0, 1, 0 } },
		{ { 1, 0, 2, 0 }, { 2, 1, 1, 0 } }, { { 1, 0, 2, 0 }, { 2, 0, 1, 1 } }, { { 255, 255, 255, 255 } },
	};
	char text[256] = "";
	struct refusal why = { "" };
	cr_expect(not(disk_couple(&vms[0].disk, good, 2, &why)), "there is no monitor");
	cr_assert(pack_under(&host, &with, vms, 2, &why), "%s", why.text);
	cr_expect(not(disk_couple(&host.disk, good, 2, &why)), "the monitor does not say that it couples");
	cr_expect(disk_couple(&host.disk, good, 0, &why), "and need not for nothing");
	disk_free(&host.disk);
	monitor.words[CELL_COUPLES / 4] = COUPLES_MAGIC;
	cr_assert(pack_under(&host, &with, vms, 2, &why), "%s", why.text);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_expect(not(disk_couple(&host.disk, bad[i], 2, &why)), "case %zu", i);
	cr_assert(disk_walk(host.disk.image, host.disk.sectors, note_couplings, text, &why), "%s", why.text);
	cr_expect(eq(str, text, (char *)""), "what was refused has left nothing");
	cr_assert(disk_couple(&host.disk, good, 2, &why), "%s", why.text);
	cr_assert(pack_under(&outer, &with, &host, 1, &why), "%s", why.text);
	cr_assert(disk_walk(outer.disk.image, outer.disk.sectors, note_couplings, text, &why), "%s", why.text);
	cr_expect(eq(str, text, (char *)"a:1-b:1 a:0-b:0 b:1-a:1 b:0-a:0 "));
	disk_free(&outer.disk);
	disk_free(&host.disk);
	disk_free(&vms[0].disk);
	disk_free(&vms[1].disk);
}
