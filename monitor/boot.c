/* The beginning: the directory on our boot disk says which VMs there are.  Each
 * is checked, given its minidisk, console lines and storage, and loaded.  What is
 * wrong is said on console line 0; a VM that cannot be made is left out, and with
 * none left we halt with CANNOT_START.
 */

#include "monitor.h"

#define CANNOT_START 125

extern char image_end[];

struct anchor anchor __attribute__((section(".anchor"))) = {
	ANCHOR_MAGIC, (uint32_t)monitor.vms, DIRECTORY_ENTRIES, sizeof(struct vm), (uint32_t)-1,
};

/* What has not been given away. */
struct supply {
	uint32_t disk_sectors;
	uint32_t region, storage; /* bytes */
	uint32_t line;
};

static void print(const char *text, uint32_t most)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_WRITE, 0, (uint32_t)text, 0, 0 };
	while (block.count < most && text[block.count])
		block.count++;
	sio(&block);
}

void say(const char *what, const char *name)
{
	print("monitor: ", 9);
	if (name) {
		print(name, NAME_BYTES);
		print(": ", 2);
	}
	print(what, UINT32_MAX);
	print("\n", 1);
}

static bool overlap(const struct directory_entry *a, const struct directory_entry *b)
{
	return a->first_sector < b->first_sector + b->sectors && b->first_sector < a->first_sector + a->sectors;
}

/* Disarming changes nothing now; a query would make the host look for input. */
static bool line_exists(uint32_t line)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_DISARM, line, 0, 0, 0 };
	return line < LINES_MOST && sio(&block) == CC_DONE;
}

/* Why entry, one of directory, cannot be given a minidisk and lines, or NULL. */
static const char *objection(const struct directory_entry *directory, const struct directory_entry *entry,
                             const struct supply *supply)
{
	if (entry->sectors > supply->disk_sectors || entry->first_sector > supply->disk_sectors - entry->sectors)
		return "its minidisk lies beyond the end of the disk";
	if (entry->first_sector <= cells.directory)
		return "its minidisk overlaps the monitor's own sectors";
	for (const struct directory_entry *other = directory; other < entry; other++)
		if (overlap(entry, other))
			return "its minidisk overlaps another";
	if (entry->lines >= LINES_MOST || (entry->lines && !line_exists(supply->line + entry->lines - 1)))
		return "there are not enough console lines for it";
	return NULL;
}

/* An empty entry of the table becomes a VM without storage. */
static void admit(struct vm *vm, const struct directory_entry *entry, struct supply *supply)
{
	vm->state = VM_RUNNABLE;
	vm->first_sector = entry->first_sector;
	vm->sectors = entry->sectors;
	vm->first_line = supply->line;
	vm->lines = entry->lines;
	supply->line += entry->lines;
	for (int i = 0; i < NAME_BYTES; i++)
		vm->name[i] = entry->name[i];
}

static void give_storage(struct vm *vm, uint32_t size, struct supply *supply)
{
	size &= ~UINT32_C(3);
	if (size < STORAGE_LEAST || size > supply->storage) {
		say("there is no storage left for it", vm->name);
		vm->state = VM_EMPTY;
		return;
	}
	vm->region = supply->region;
	vm->size = size;
	supply->region += size;
	supply->storage -= size;
}

static uint32_t admit_all(const struct directory_entry *directory, struct supply *supply)
{
	uint32_t shares = 0;
	for (int i = 0; i < DIRECTORY_ENTRIES && directory[i].sectors; i++) {
		const char *why_not = objection(directory, &directory[i], supply);
		if (why_not) {
			say(why_not, directory[i].name);
			continue;
		}
		admit(&monitor.vms[i], &directory[i], supply);
		shares += directory[i].storage == 0;
	}
	return shares;
}

/* Those with a size of their own come first; the rest share what they leave. */
static void give_all_storage(const struct directory_entry *directory, uint32_t shares, struct supply *supply)
{
	for (int i = 0; i < DIRECTORY_ENTRIES; i++)
		if (monitor.vms[i].state && directory[i].storage)
			give_storage(&monitor.vms[i], directory[i].storage, supply);
	uint32_t share = shares ? supply->storage / shares : 0;
	for (int i = 0; i < DIRECTORY_ENTRIES; i++)
		if (monitor.vms[i].state && !directory[i].storage)
			give_storage(&monitor.vms[i], share, supply);
}

static bool read_directory(struct directory_entry *directory, struct supply *supply)
{
	struct command_block query = { DEVICE_DISK, DISK_QUERY, 0, 0, 0, 0 };
	struct command_block read = { DEVICE_DISK, DISK_READ, cells.directory, (uint32_t)directory, SECTOR, 0 };
	sio(&query);
	supply->disk_sectors = query.result;
	return cells.directory != 0 && sio(&read) == CC_DONE;
}

void boot(void)
{
	static struct directory_entry directory[DIRECTORY_ENTRIES];
	struct supply supply = {
		.region = (uint32_t)image_end, .storage = cells.tval - (uint32_t)image_end, .line = 1,
	};
	cells.new.pc = (uint32_t)trap_entry;
	if (!read_directory(directory, &supply))
		say("the disk has no directory: pack the monitor together with its guests", NULL);
	give_all_storage(directory, admit_all(directory, &supply), &supply);
	bool any = false;
	for (struct vm *vm = monitor.vms; vm < monitor.vms + DIRECTORY_ENTRIES; vm++) {
		if (vm->state) {
			vm_ipl(vm);
			any = true;
		}
	}
	if (!any)
		halt_machine(CANNOT_START);
	schedule();
}
