/* Which machine to build: from the options of run and pack to a boot disk, its
 * storage and lines, and to who is where on it.  Called by run.c and pack.c.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* ---- options ------------------------------------------------------------ */

static bool said(bool good, const char *what, const char *value, const char *instead)
{
	if (!good)
		complain("%s '%s': give %s", what, value, instead);
	return good;
}

static bool wish_memory(struct wish *wish, const char *value)
{
	uint64_t bytes;
	if (!said(option_size(value, &bytes) && bytes >= STORAGE_LEAST && bytes <= STORAGE_MOST && bytes % 4 == 0,
	          "--memory", value, "a multiple of 4 bytes from 512 to 1G, such as 64K or 16M"))
		return false;
	wish->memory = (uint32_t)bytes;
	return true;
}

static bool wish_monitor(struct wish *wish, const char *path)
{
	if (wish->monitors == MONITORS_MOST) {
		complain("--monitor '%s': there can be at most %d monitors", path, MONITORS_MOST);
		return false;
	}
	wish->monitor[wish->monitors++] = path;
	return true;
}

bool wish_option(struct wish *wish, int option, const char *value)
{
	uint64_t n;
	switch (option) {
	case 'd':
		if (!said(option_number(value, MONITORS_MOST, &n), "--depth", value, "a number from 0 to 31"))
			return false;
		wish->depth = (int)n;
		return true;
	case 'l':
		if (!said(option_number(value, LINES_MOST, &n) && n > 0, "--lines", value, "a number from 1 to 32"))
			return false;
		wish->lines = (unsigned)n;
		return true;
	case 's':
		if (!said(option_number(value, 1 << 21, &n), "--spare", value, "a number of sectors, at most 2097152"))
			return false;
		wish->spare = (uint32_t)n;
		return true;
	case 'M': return wish_memory(wish, value);
	case 'c': return wish_couple(wish, value);
	default:  return wish_monitor(wish, value);
	}
}

/* ---- one guest ---------------------------------------------------------- */

/* What a monitor's own disk needs when the user says nothing: what its directory
 * asks for, and room for the monitor itself. */
static void add_needs(void *self, const struct disk_node *node)
{
	struct vm_plan *vm = self;
	if (node->depth == 0 && node->directory != 0) {
		vm->storage = (node->boot_sectors * SECTOR + 0xFFF) / 0x1000 * 0x1000 + (1 << 20);
		vm->lines = 1;
	}
	if (node->depth == 1) {
		vm->storage += (node->storage + 0xFFF) / 0x1000 * 0x1000;
		vm->lines += node->lines;
	}
}

static bool settle_needs(struct vm_plan *vm, const struct wish *wish, struct refusal *why)
{
	vm->storage = DEFAULT_MEMORY;
	vm->lines = 1;
	if (!disk_walk(vm->disk.image, vm->disk.sectors, add_needs, vm, why))
		return false;
	if (wish->memory)
		vm->storage = wish->memory;
	if (wish->lines)
		vm->lines = wish->lines;
	return true;
}

/* Refuses what IPL would leave unloaded, or a program without room to run. */
static bool fits(const struct vm_plan *vm, const struct file *file, struct refusal *why)
{
	uint64_t needs = (uint64_t)disk_data_sector(&vm->disk) * SECTOR;
	struct program program;
	if (file_is_elf(file->bytes, file->size) && program_read(&program, file->bytes, file->size, why))
		needs = program.end > needs ? program.end : needs;
	return needs <= vm->storage ||
	       refuse(why, "does not fit: it needs %" PRIu64 " bytes of storage and has %" PRIu32
	            ": give it more with --memory", needs, vm->storage);
}

static bool set_data(struct vm_plan *vm, const char *path)
{
	struct file data;
	struct refusal why;
	bool set = file_read(&data, path, &why) && disk_set_data(&vm->disk, data.bytes, data.size, &why);
	file_free(&data);
	if (!set)
		complain("%s: %s", path, why.text);
	return set;
}

static bool make_guest(struct vm_plan *vm, const struct wish *wish, const char *path, const char *data)
{
	struct file file;
	struct refusal why;
	bool made = file_read_guest(&file, path, &why) &&
	            disk_from_file(&vm->disk, file.bytes, file.size, wish->spare, &why) &&
	            settle_needs(vm, wish, &why) && fits(vm, &file, &why);
	file_free(&file);
	if (!made)
		complain("%s: %s", path, why.text);
	plan_set_name(vm, path);
	return made && (!data || set_data(vm, data));
}

/* A guest named as one before it gets its number too: NAME.3 is the third image. */
static void tell_apart(struct vm_plan *vms, unsigned n)
{
	char number[16];
	bool taken = false;
	for (unsigned i = 0; i < n; i++)
		taken |= strcmp(vms[i].name, vms[n].name) == 0;
	if (taken) {
		int length = snprintf(number, sizeof(number), ".%u", n + 1);
		strcpy(vms[n].name + strnlen(vms[n].name, NAME_BYTES - (size_t)length), number);
	}
}

static bool make_guests(struct vm_plan *vms, const struct wish *wish)
{
	for (unsigned i = 0; i < wish->images; i++) {
		if (!make_guest(&vms[i], wish, wish->image[i], i < wish->disks ? wish->disk[i] : NULL))
			return false;
		tell_apart(vms, i);
	}
	return true;
}

/* ---- under monitors ----------------------------------------------------- */

static bool read_monitor(struct pack_monitor *monitor, const char *path)
{
	struct file file;
	struct refusal why;
	if (!file_read(&file, path, &why)) {
		complain("%s: %s", path, why.text);
		return false;
	}
	*monitor = (struct pack_monitor){ file.bytes, file.size, path };
	return true;
}

static bool read_installed(struct pack_monitor *monitor, const char *name)
{
	struct refusal why;
	char *path = file_find_installed(name, &why);
	bool read = path ? read_monitor(monitor, path) : complain("%s", why.text) == 0;
	monitor->path = name;
	free(path);
	return read;
}

/* The monitor of a level, the outermost being 0; the last one given serves for all levels that
 * remain, one that comes with droste if none was. */
static bool choose_monitor(struct pack_monitor *monitor, const struct wish *wish, unsigned level, unsigned depth)
{
	if (wish->monitors > 0)
		return read_monitor(monitor, wish->monitor[level < wish->monitors ? level : wish->monitors - 1]);
	return read_installed(monitor, wish->couples > 0 && level + 1 == depth ? "monitors/coupling.elf" : "monitor.elf");
}

/* The innermost monitor couples the images' lines. */
static bool pack_coupled(struct vm_plan *machine, const struct wish *wish, const struct pack_monitor *monitor,
                         unsigned depth, const struct vm_plan *vms, const struct coupling *couplings, struct refusal *why)
{
	struct vm_plan inner = { 0 };
	bool packed = pack_under(&inner, &monitor[depth - 1], vms, wish->images, why) &&
	              disk_couple(&inner.disk, couplings, wish->couples, why);
	if (packed && depth == 1) {
		*machine = inner;
		return true;
	}
	packed = packed && pack_stack(machine, monitor, depth - 1, &inner, 1, why);
	disk_free(&inner.disk);
	return packed;
}

static bool pack_levels(struct vm_plan *machine, const struct wish *wish, unsigned depth, struct vm_plan *vms)
{
	struct pack_monitor monitor[MONITORS_MOST] = { 0 };
	struct coupling couplings[DIRECTORY_ENTRIES] = { 0 };
	struct refusal why;
	bool packed = couple_read(couplings, wish, vms);
	for (unsigned i = 0; i < depth && packed; i++)
		packed = choose_monitor(&monitor[i], wish, i, depth);
	if (packed && !pack_coupled(machine, wish, monitor, depth, vms, couplings, &why))
		packed = complain("%s", why.text) == 0;
	for (unsigned i = 0; i < depth; i++)
		free((void *)(uintptr_t)monitor[i].elf);
	return packed;
}

/* ---- who is where ------------------------------------------------------- */

/* The place that hosts one at this level: the last one above it. */
static int host_at(const struct plan *plan, unsigned level)
{
	int i = (int)plan->places - 1;
	while (i >= 0 && plan->place[i].level >= level)
		i--;
	return i;
}

static void add_place(void *self, const struct disk_node *node)
{
	struct plan *plan = self;
	if (plan->places == PLACES_MOST)
		return;
	int parent = host_at(plan, node->depth);
	struct place *place = &plan->place[plan->places++];
	*place = (struct place){
		.parent = parent,
		.hosts = node->directory != 0,
		.level = node->depth,
		.first_line = node->first_line,
		.lines = node->depth > 0 ? node->lines : plan->machine.lines,
		.first_sector = node->first_sector,
		.boot_sectors = node->boot_sectors,
		.sectors = node->sectors,
		.storage = node->storage,
	};
	memcpy(place->name, node->depth > 0 ? node->name : plan->machine.name, NAME_BYTES);
}

static bool find_places(struct plan *plan)
{
	struct refusal why;
	if (disk_walk(plan->machine.disk.image, plan->machine.disk.sectors, add_place, plan, &why))
		return true;
	complain("%s", why.text);
	return false;
}

/* ---- all of it ---------------------------------------------------------- */

static bool bootable(const struct file *elf)
{
	struct refusal why;
	struct boot_disk disk;
	bool fit = disk_from_file(&disk, elf->bytes, elf->size, 0, &why);
	disk_free(&disk);
	return fit;
}

/* A program with data of its own where the boot header would be: it can still be
 * loaded as it is, on the bare machine. */
static bool only_loadable(const struct file *elf)
{
	struct program program;
	return program_read(&program, elf->bytes, elf->size, NULL) &&
	       program_covers(&program, CELL_MAGIC, CELL_FREE - CELL_MAGIC) && !bootable(elf);
}

static bool plan_load(struct plan *plan, const struct wish *wish)
{
	struct refusal why;
	if (!file_read_guest(&plan->elf, wish->image[0], &why))
		return false;
	if (!only_loadable(&plan->elf)) {
		file_free(&plan->elf);
		return false;
	}
	plan->machine.storage = wish->memory ? wish->memory : DEFAULT_MEMORY;
	plan->machine.lines = wish->lines ? wish->lines : 1;
	plan_set_name(&plan->machine, wish->image[0]);
	plan->place[plan->places++] = (struct place){ .parent = -1, .lines = plan->machine.lines };
	memcpy(plan->place[0].name, plan->machine.name, NAME_BYTES);
	return true;
}

static bool plan_pack(struct plan *plan, const struct wish *wish)
{
	struct vm_plan vms[DIRECTORY_ENTRIES] = { 0 };
	bool made = make_guests(vms, wish);
	if (made && plan->depth == 0) {
		plan->machine = vms[0];
		vms[0].disk = (struct boot_disk){ 0 };
	} else if (made) {
		made = pack_levels(&plan->machine, wish, plan->depth, vms);
	}
	for (unsigned i = 0; i < wish->images; i++)
		disk_free(&vms[i].disk);
	return made && find_places(plan);
}

static unsigned depth_of(const struct wish *wish)
{
	if (wish->depth >= 0)
		return (unsigned)wish->depth;
	return wish->monitors > 0 ? wish->monitors : wish->images > 1 || wish->couples > 0;
}

bool plan_make(struct plan *plan, const struct wish *wish)
{
	*plan = (struct plan){ .depth = depth_of(wish) };
	if (wish->images > 1 && plan->depth == 0) {
		complain("%u images need a monitor to run side by side: give --depth 1 or more", wish->images);
		return false;
	}
	if (wish->couples > 0 && plan->depth == 0) {
		complain("--couple needs a monitor that does it: give --depth 1 or more");
		return false;
	}
	if (wish->monitors > plan->depth) {
		complain("%u monitors for a depth of %u: give as many as levels, or fewer", wish->monitors, plan->depth);
		return false;
	}
	if (wish->disks > wish->images) {
		complain("%u disks for %u images: the i-th --disk belongs to the i-th image", wish->disks, wish->images);
		return false;
	}
	if (plan->depth == 0 && wish->disks == 0 && !wish->bootable && plan_load(plan, wish))
		return true;
	return plan_pack(plan, wish);
}

void plan_free(struct plan *plan)
{
	disk_free(&plan->machine.disk);
	file_free(&plan->elf);
}

const struct place *plan_image(const struct plan *plan, unsigned i)
{
	for (unsigned p = 0; p < plan->places; p++)
		if (plan->place[p].level == plan->depth && i-- == 0)
			return &plan->place[p];
	return NULL;
}

const struct place *plan_guest(const struct plan *plan, unsigned i)
{
	for (unsigned p = 0; p < plan->places; p++)
		if (!plan->place[p].hosts && i-- == 0)
			return &plan->place[p];
	return NULL;
}
