/* Fuzzing: any bytes as an ELF file.  They are refused with one line, or loaded
 * into a small machine and run a little; and packed as a boot disk.
 */

#include <stdlib.h>
#include <string.h>

#include "machine/window.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A refusal is one line that says something. */
static void check(bool taken, const struct refusal *why)
{
	if (!taken && (!memchr(why->text, '\0', sizeof(why->text)) || strlen(why->text) < 5 || strchr(why->text, '\n')))
		abort();
}

static void load_and_run(const uint8_t *bytes, size_t size)
{
	struct refusal why = { "" };
	struct machine *m = machine_new(&(struct machine_config){ .storage = 65536, .lines = 1 }, NULL);
	bool loaded = machine_load_elf(m, bytes, size, &why);
	check(loaded, &why);
	if (loaded)
		machine_run(m, 1000);
	machine_free(m);
}

static void pack(const uint8_t *bytes, size_t size)
{
	struct refusal why = { "" };
	struct boot_disk disk;
	struct vm_plan vm = { .storage = 65536, .lines = 1, .name = "fuzz" }, host;
	bool made = disk_from_file(&disk, bytes, size, 3, &why);
	check(made, &why);
	if (!made)
		return;
	vm.disk = disk;
	struct pack_monitor monitor = { bytes, size, "fuzz" };
	bool packed = pack_under(&host, &monitor, &vm, 1, &why);
	check(packed, &why);
	if (packed)
		disk_free(&host.disk);
	disk_free(&disk);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	load_and_run(bytes, size);
	if (file_is_elf(bytes, size))
		pack(bytes, size);
	return 0;
}
