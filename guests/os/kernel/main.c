/* The boot, as a list. */

#include "kernel.h"

_Noreturn void boot(void);

uint32_t storage_size;

/* The first process: the shell, with the terminal as its files 0, 1 and 2. */
static void start_shell(void)
{
	static const char path[] = "/bin/sh";
	struct process *p = process_new(jail_outside);
	for (int fd = 0; fd < 3; fd++)
		p->files[fd] = file_new(TYPE_TERMINAL, OPEN_READ | OPEN_WRITE);
	if (exec(p, path, path, sizeof(path), 1) != 0)
		panic("cannot run /bin/sh");
	terminal_set(TERMINAL_LINES, p);
}

_Noreturn void boot(void)
{
	print("a tiny operating system: %d KiB of storage, %d of them the kernel's\n", (int)(storage_size >> 10),
	      (int)((uint32_t)(uintptr_t)image_end >> 10));
	terminal_poll();
	fs_start();
	start_shell();
	schedule();
}
