/* Boot disks: made from ELF files, put under a monitor, described.  A monitor's
 * boot disk holds its own image, a directory sector and one minidisk per VM, each
 * a whole boot disk, so disks nest as monitors do.  Called by whoever prepares a
 * run.  What is read here may come from anybody: it is checked before it is used.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

/* A boot image is as long as the gap before its last byte of data, so a file of
 * a few bytes can ask for any length. */
#define BOOT_IMAGE_MOST (UINT32_C(256) << 20) /* bytes */
#define DISK_MOST       (UINT32_C(1) << 22)   /* sectors: 2 GiB */

#define MONITOR_SLACK UINT32_C(0x10000) /* bytes beside a monitor's own */
#define REGION_UNIT   UINT32_C(0x1000)  /* VMs' storage is dealt out in these */

static uint64_t round_up(uint64_t n, uint32_t unit) { return (n + unit - 1) / unit * unit; }

static uint32_t get_word(const uint8_t *image, uint32_t at)
{
	uint32_t word;
	memcpy(&word, image + at, sizeof(word));
	return word;
}

static void put_word(uint8_t *image, uint32_t at, uint32_t word) { memcpy(image + at, &word, sizeof(word)); }

static bool new_disk(struct boot_disk *disk, uint64_t sectors, struct refusal *why)
{
	if (sectors > DISK_MOST)
		return refuse(why, "the disk would be longer than %" PRIu32 " sectors", DISK_MOST);
	uint8_t *image = calloc(sectors, SECTOR);
	if (!image)
		return refuse(why, "no memory for a disk of %" PRIu64 " sectors", sectors);
	*disk = (struct boot_disk){ image, (uint32_t)sectors };
	return true;
}

void disk_free(struct boot_disk *disk)
{
	free(disk->image);
	*disk = (struct boot_disk){ 0 };
}

/* ---- a boot disk from a file -------------------------------------------- */

/* The address after the last byte that the file itself gives. */
static uint32_t data_end(const struct program *program)
{
	uint32_t end = CELL_FREE;
	for (unsigned i = 0; i < program->segments; i++) {
		const struct segment *s = &program->segment[i];
		if (s->file_bytes > 0 && s->address + s->file_bytes > end)
			end = s->address + s->file_bytes;
	}
	return end;
}

/* The segments as machine_load_elf would leave them below end. */
static void copy_segments(uint8_t *image, uint32_t end, const struct program *program)
{
	for (unsigned i = 0; i < program->segments; i++) {
		const struct segment *s = &program->segment[i];
		if (s->address >= end)
			continue;
		uint32_t room = end - s->address;
		memset(image + s->address, 0, s->bytes < room ? s->bytes : room);
		memcpy(image + s->address, s->data, s->file_bytes);
	}
}

/* The word at a cell of the boot header becomes value, unless the program has
 * put something of its own there. */
static bool claim(uint8_t *image, uint32_t cell, uint32_t value, struct refusal *why)
{
	uint32_t found = get_word(image, cell);
	if (found != 0 && found != value)
		return refuse(why, "the program has 0x%08" PRIx32 " at 0x%" PRIx32 ", in the boot header: link it above 0x%x",
		              found, cell, (unsigned)CELL_FREE);
	put_word(image, cell, value);
	return true;
}

static bool flatten(struct boot_disk *disk, const struct program *program, uint32_t spare, struct refusal *why)
{
	uint32_t end = data_end(program);
	if (end > BOOT_IMAGE_MOST)
		return refuse(why, "the program has data up to 0x%" PRIx32 ", and a boot image begins at 0: "
		              "link it below 0x%" PRIx32, end, BOOT_IMAGE_MOST);
	uint32_t sectors = (uint32_t)round_up(end, SECTOR) / SECTOR;
	if (!new_disk(disk, (uint64_t)sectors + spare, why))
		return false;
	copy_segments(disk->image, end, program);
	if (!program_covers(program, CELL_NEW_PSW, sizeof(struct psw))) {
		struct psw psw = { program->entry, 0, 0, BOUND_ALL, 0 };
		memcpy(disk->image + CELL_NEW_PSW, &psw, sizeof(psw));
	}
	if (claim(disk->image, CELL_MAGIC, BOOT_MAGIC, why) && claim(disk->image, CELL_SECTORS, sectors, why) &&
	    claim(disk->image, CELL_DIRECTORY, 0, why))
		return true;
	disk_free(disk);
	return false;
}

static bool copy_disk(struct boot_disk *disk, const void *bytes, size_t size, struct refusal *why)
{
	if (size % SECTOR != 0)
		return refuse(why, "boot disk of %zu bytes is cut off: its length is not a multiple of %d", size, SECTOR);
	if (!disk_walk(bytes, size / SECTOR, NULL, NULL, why))
		return false;
	if (!new_disk(disk, size / SECTOR, why))
		return false;
	memcpy(disk->image, bytes, size);
	return true;
}

bool file_is_elf(const void *bytes, size_t size) { return size >= 4 && memcmp(bytes, "\177ELF", 4) == 0; }

bool file_is_disk(const void *bytes, size_t size)
{
	return size >= CELL_FREE && get_word(bytes, CELL_MAGIC) == BOOT_MAGIC;
}

bool disk_from_file(struct boot_disk *disk, const void *bytes, size_t size, uint32_t spare, struct refusal *why)
{
	*disk = (struct boot_disk){ 0 };
	if (size == 0)
		return refuse(why, "the file is empty");
	if (file_is_elf(bytes, size)) {
		struct program program;
		return program_read(&program, bytes, size, why) && flatten(disk, &program, spare, why);
	}
	if (file_is_disk(bytes, size))
		return copy_disk(disk, bytes, size, why);
	return refuse(why, "neither an ELF file nor a boot disk, which has 'PG32' at 0x%x", (unsigned)CELL_MAGIC);
}

uint32_t disk_data_sector(const struct boot_disk *disk) { return get_word(disk->image, CELL_SECTORS); }

bool disk_hosts(const struct boot_disk *disk) { return get_word(disk->image, CELL_DIRECTORY) != 0; }

bool disk_set_data(struct boot_disk *disk, const void *bytes, size_t size, struct refusal *why)
{
	struct boot_disk longer;
	uint32_t first = disk_data_sector(disk);
	if (disk_hosts(disk))
		return refuse(why, "a monitor's disk has minidisks after its boot image, not data");
	if (!new_disk(&longer, first + round_up(size, SECTOR) / SECTOR, why))
		return false;
	memcpy(longer.image, disk->image, (size_t)first * SECTOR);
	if (size > 0)
		memcpy(longer.image + (size_t)first * SECTOR, bytes, size);
	disk_free(disk);
	*disk = longer;
	return true;
}

/* Names are shown to people and put into documents, and may come from anybody. */
static void make_printable(char *name)
{
	for (; *name; name++)
		if (*name < ' ' || *name > '~')
			*name = '?';
}

void plan_set_name(struct vm_plan *vm, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.');
	size_t n = dot && dot > base ? (size_t)(dot - base) : strlen(base);
	snprintf(vm->name, sizeof(vm->name), "%.*s", n < NAME_BYTES ? (int)n : NAME_BYTES, base);
	make_printable(vm->name);
}

/* ---- under a monitor ---------------------------------------------------- */

/* Whether the image, of so many bytes at least, has a word of its own there. */
static bool has_mark(const struct boot_disk *disk, uint32_t cell, size_t bytes, uint32_t magic)
{
	uint64_t boot_bytes = (uint64_t)disk_data_sector(disk) * SECTOR;
	return cell + bytes <= boot_bytes && get_word(disk->image, cell) == magic;
}

/* The monitor's own part of the disk, with room for the directory and all the
 * minidisks; and the storage that it occupies itself. */
static bool monitor_image(struct boot_disk *disk, uint64_t *footprint, const struct pack_monitor *monitor,
                          const struct vm_plan *vms, unsigned n, struct refusal *why)
{
	uint64_t spare = 1;
	for (unsigned i = 0; i < n; i++)
		spare += vms[i].disk.sectors;
	if (spare > DISK_MOST)
		return refuse(why, "the disk would be longer than %" PRIu32 " sectors", DISK_MOST);
	struct program program;
	if (!program_read(&program, monitor->elf, monitor->size, why) || !flatten(disk, &program, (uint32_t)spare, why))
		return false;
	*footprint = round_up(program.end, REGION_UNIT) + MONITOR_SLACK;
	if (has_mark(disk, CELL_ANCHOR, sizeof(struct anchor), ANCHOR_MAGIC))
		return true;
	disk_free(disk);
	return refuse(why, "is not a monitor: its image has no anchor, the word 'VMM1', at 0x%x", (unsigned)CELL_ANCHOR);
}

static void put_minidisks(struct boot_disk *disk, const struct vm_plan *vms, unsigned n)
{
	uint32_t directory = disk_data_sector(disk);
	uint32_t next = directory + 1;
	put_word(disk->image, CELL_DIRECTORY, directory);
	for (unsigned i = 0; i < n; i++) {
		struct directory_entry entry = { next, vms[i].disk.sectors, vms[i].storage, vms[i].lines, { 0 }, { 0 } };
		memcpy(entry.name, vms[i].name, strnlen(vms[i].name, NAME_BYTES));
		memcpy(disk->image + (size_t)directory * SECTOR + i * sizeof(entry), &entry, sizeof(entry));
		memcpy(disk->image + (size_t)next * SECTOR, vms[i].disk.image, (size_t)vms[i].disk.sectors * SECTOR);
		next += vms[i].disk.sectors;
	}
}

/* What the machine around needs: room for the monitor, then for its VMs. */
static bool add_needs(struct vm_plan *host, uint64_t footprint, const struct vm_plan *vms, unsigned n,
                      struct refusal *why)
{
	uint64_t storage = footprint, lines = 1;
	for (unsigned i = 0; i < n; i++) {
		storage += round_up(vms[i].storage, REGION_UNIT);
		lines += vms[i].lines;
	}
	if (storage > STORAGE_MOST)
		return refuse(why, "the machine around would need %" PRIu64 " MiB of storage, and has at most %" PRIu32
		              ": give its guests less, or nest less deeply", (storage + 0xFFFFF) >> 20, STORAGE_MOST >> 20);
	if (lines > LINES_MOST)
		return refuse(why, "the machine around would need %" PRIu64 " console lines, and has at most %d"
		              ": give its guests fewer, or nest less deeply", lines, LINES_MOST);
	host->storage = (uint32_t)storage;
	host->lines = (unsigned)lines;
	return true;
}

/* Says whose fault it was. */
static bool refuse_for(const struct pack_monitor *monitor, struct refusal *why)
{
	struct refusal found;
	if (!why)
		return false;
	found = *why;
	return refuse(why, "%.80s: %.170s", monitor->path, found.text);
}

bool pack_under(struct vm_plan *host, const struct pack_monitor *monitor, const struct vm_plan *vms, unsigned n,
                struct refusal *why)
{
	uint64_t footprint;
	*host = (struct vm_plan){ 0 };
	if (n < 1 || n > DIRECTORY_ENTRIES)
		return refuse(why, "%u virtual machines side by side: a monitor's directory holds 1 to %d",
		              n, DIRECTORY_ENTRIES);
	if (!monitor_image(&host->disk, &footprint, monitor, vms, n, why))
		return refuse_for(monitor, why);
	if (!add_needs(host, footprint, vms, n, why)) {
		disk_free(&host->disk);
		return refuse_for(monitor, why);
	}
	put_minidisks(&host->disk, vms, n);
	plan_set_name(host, monitor->path);
	return true;
}

bool disk_couple(struct boot_disk *disk, const struct coupling *couplings, unsigned n, struct refusal *why)
{
	uint32_t directory = get_word(disk->image, CELL_DIRECTORY);
	if (!disk_hosts(disk))
		return refuse(why, "console lines are coupled by a monitor, and there is none");
	if (n > 0 && !has_mark(disk, CELL_COUPLES, sizeof(uint32_t), COUPLES_MAGIC))
		return refuse(why, "the monitor that hosts the images couples no console lines: its image has no word 'WIRE' at 0x%x; "
		                   "monitors/coupling.elf does it", (unsigned)CELL_COUPLES);
	if (n > DIRECTORY_ENTRIES)
		return refuse(why, "%u couplings: a monitor's directory holds at most %d", n, DIRECTORY_ENTRIES);
	struct directory_entry *entry = (struct directory_entry *)(void *)(disk->image + (size_t)directory * SECTOR);
	for (unsigned i = 0; i < n; i++)
		entry[i].coupling = couplings[i];
	if (disk_walk(disk->image, disk->sectors, NULL, NULL, why))
		return true;
	for (unsigned i = 0; i < n; i++)
		entry[i].coupling = (struct coupling){ 0 };
	return false;
}

bool pack_stack(struct vm_plan *machine, const struct pack_monitor *monitors, unsigned depth,
                const struct vm_plan *guests, unsigned n, struct refusal *why)
{
	if (depth == 0)
		return refuse(why, "no monitor to pack under");
	if (!pack_under(machine, &monitors[depth - 1], guests, n, why))
		return false;
	for (unsigned level = depth - 1; level-- > 0;) {
		struct vm_plan inner = *machine;
		bool packed = pack_under(machine, &monitors[level], &inner, 1, why);
		disk_free(&inner.disk);
		if (!packed)
			return false;
	}
	return true;
}

/* ---- describing --------------------------------------------------------- */

#define WALK_DEPTH_MOST 64

struct walk {
	const uint8_t *image; /* of the whole disk */
	disk_visitor *visit;
	void *self;
	struct refusal *why;
};

static const uint8_t *node_sector(const struct walk *walk, const struct disk_node *node, uint32_t sector)
{
	return walk->image + ((size_t)node->first_sector + sector) * SECTOR;
}

static struct directory_entry entry_of(const struct walk *walk, const struct disk_node *node, unsigned i)
{
	struct directory_entry entry;
	memcpy(&entry, node_sector(walk, node, node->directory) + i * sizeof(entry), sizeof(entry));
	return entry;
}

static bool overlap(const struct directory_entry *a, const struct directory_entry *b)
{
	return a->first_sector < b->first_sector + b->sectors && b->first_sector < a->first_sector + a->sectors;
}

/* Refuses the node's disk, saying which it is. */
static bool wrong(const struct walk *walk, const struct disk_node *node, const char *what)
{
	struct refusal *why = walk->why;
	if (node->depth == 0)
		return refuse(why, "%s: pack the disk again", what);
	return refuse(why, "minidisk '%s', %u deep, at sector %" PRIu32 ": %s: pack the disk again", node->name,
	              node->depth, node->first_sector, what);
}

static bool check_entry(const struct walk *walk, const struct disk_node *node, unsigned i)
{
	struct directory_entry entry = entry_of(walk, node, i);
	char text[128];
	const char *fault = NULL;
	if (entry.first_sector < node->boot_sectors || entry.first_sector <= node->directory)
		fault = "begins inside the monitor's boot image or before the directory's end";
	else if ((uint64_t)entry.first_sector + entry.sectors > node->sectors)
		fault = "ends after the end of the disk";
	else if (entry.lines > LINES_MOST)
		fault = "has more console lines than there can be";
	else if (entry.storage > STORAGE_MOST)
		fault = "has more storage than there can be";
	for (unsigned j = 0; j < i && !fault; j++) {
		struct directory_entry other = entry_of(walk, node, j);
		if (overlap(&entry, &other))
			fault = "overlaps one before it";
	}
	if (!fault)
		return true;
	snprintf(text, sizeof(text), "directory entry %u %s", i, fault);
	return wrong(walk, node, text);
}

static bool has_line(const struct walk *walk, const struct disk_node *node, unsigned vm, unsigned line)
{
	return vm - 1 < node->minidisks && line < entry_of(walk, node, vm - 1).lines;
}

/* The line is the first or the second of one of the couplings before the i-th. */
static bool is_coupled(const struct walk *walk, const struct disk_node *node, unsigned i, unsigned vm, unsigned line)
{
	while (i-- > 0) {
		struct coupling c = entry_of(walk, node, i).coupling;
		if ((c.first == vm && c.first_line == line) || (c.first && c.second == vm && c.second_line == line))
			return true;
	}
	return false;
}

static bool check_couplings(const struct walk *walk, const struct disk_node *node)
{
	for (unsigned i = 0; i < DIRECTORY_ENTRIES; i++) {
		struct coupling c = entry_of(walk, node, i).coupling;
		if (!c.first)
			continue;
		if (!has_line(walk, node, c.first, c.first_line) || !has_line(walk, node, c.second, c.second_line))
			return wrong(walk, node, "its directory couples a console line that is not there");
		if ((c.first == c.second && c.first_line == c.second_line) ||
		    is_coupled(walk, node, i, c.first, c.first_line) || is_coupled(walk, node, i, c.second, c.second_line))
			return wrong(walk, node, "its directory couples a console line twice");
	}
	return true;
}

/* Reads and checks the boot header and the directory of the node's disk. */
static bool read_node(const struct walk *walk, struct disk_node *node)
{
	const uint8_t *boot = node_sector(walk, node, 0);
	if (node->sectors == 0 || get_word(boot, CELL_MAGIC) != BOOT_MAGIC)
		return node->depth > 0 || wrong(walk, node, "not a boot disk: no 'PG32' at 0x34");
	node->boot_sectors = get_word(boot, CELL_SECTORS);
	node->directory = get_word(boot, CELL_DIRECTORY);
	if (node->boot_sectors == 0 || node->boot_sectors > node->sectors) {
		char text[128];
		snprintf(text, sizeof(text), "the boot header names %" PRIu32 " sectors to load, and the disk has %" PRIu32,
		         node->boot_sectors, node->sectors);
		return wrong(walk, node, text);
	}
	if (node->directory == 0)
		return true;
	if (node->directory < node->boot_sectors || node->directory >= node->sectors)
		return wrong(walk, node, "the directory's sector is inside the boot image or after the end of the disk");
	while (node->minidisks < DIRECTORY_ENTRIES && entry_of(walk, node, node->minidisks).sectors != 0)
		if (!check_entry(walk, node, node->minidisks++))
			return false;
	if (node->minidisks == 0)
		return wrong(walk, node, "the directory is empty");
	return check_couplings(walk, node);
}

static void add_coupling(const struct walk *walk, const struct disk_node *host, struct disk_node *node,
                         uint32_t line, unsigned with, uint32_t with_line)
{
	struct disk_coupling *coupling = &node->coupling[node->couplings++];
	*coupling = (struct disk_coupling){ .line = line, .with_line = with_line };
	memcpy(coupling->with, entry_of(walk, host, with - 1).name, NAME_BYTES);
	make_printable(coupling->with);
}

/* What the host's directory says of the lines of its vm-th minidisk, counted from 1. */
static void find_couplings(const struct walk *walk, const struct disk_node *host, struct disk_node *node, unsigned vm)
{
	for (unsigned i = 0; i < DIRECTORY_ENTRIES; i++) {
		struct coupling c = entry_of(walk, host, i).coupling;
		if (c.first == vm)
			add_coupling(walk, host, node, c.first_line, c.second, c.second_line);
		else if (c.first && c.second == vm)
			add_coupling(walk, host, node, c.second_line, c.first, c.first_line);
	}
}

static bool walk_node(const struct walk *walk, struct disk_node *node)
{
	if (node->depth > WALK_DEPTH_MOST)
		return wrong(walk, node, "nested too deeply");
	if (!read_node(walk, node))
		return false;
	if (walk->visit)
		walk->visit(walk->self, node);
	uint32_t line = node->first_line + 1;
	for (unsigned i = 0; i < node->minidisks; i++) {
		struct directory_entry entry = entry_of(walk, node, i);
		struct disk_node inner = {
			.depth = node->depth + 1,
			.first_sector = node->first_sector + entry.first_sector,
			.sectors = entry.sectors,
			.storage = entry.storage,
			.first_line = line,
			.lines = entry.lines,
		};
		memcpy(inner.name, entry.name, NAME_BYTES);
		make_printable(inner.name);
		find_couplings(walk, node, &inner, i + 1);
		line += entry.lines;
		if (!walk_node(walk, &inner))
			return false;
	}
	return true;
}

bool disk_walk(const uint8_t *image, size_t sectors, disk_visitor *visit, void *self, struct refusal *why)
{
	if (sectors > DISK_MOST)
		return refuse(why, "a disk of %zu sectors is too long: at most %" PRIu32, sectors, DISK_MOST);
	struct walk walk = { image, NULL, self, why };
	struct disk_node whole = { .sectors = (uint32_t)sectors };
	if (!walk_node(&walk, &whole))
		return false;
	walk.visit = visit;
	whole = (struct disk_node){ .sectors = (uint32_t)sectors };
	return !visit || walk_node(&walk, &whole);
}
