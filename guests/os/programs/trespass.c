/* trespass ADDRESS | privileged | illegal | forks | files: does what a process must not, in one way. */

#include "program.h"

#include "isa/asm.h"

static void read_at(uint32_t at) { printf("%lx\n", (unsigned long)*(volatile uint32_t *)(uintptr_t)at); }

/* Every child does the same, until there is no room. */
static int forks(void)
{
	int children = 0, code;
	while (fork() >= 0)
		children++;
	while (os_wait(&code) >= 0)
		continue;
	return children > 0 ? 0 : 1;
}

static int files(void)
{
	char name[16], bytes[512] = { 0 };
	for (int i = 0;; i++) {
		snprintf(name, sizeof(name), "/tmp/%d", i);
		int fd = open(name, O_WRONLY | O_CREAT, 0666);
		if (fd < 0)
			return complain("trespass", name);
		while (write(fd, bytes, sizeof(bytes)) > 0)
			continue;
		close(fd);
	}
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "0x1000000";
	if (strcmp(how, "privileged") == 0)
		__asm__ volatile("halt %0" : : "r"(0));
	else if (strcmp(how, "illegal") == 0)
		__asm__ volatile(".word 0xFFFFFFFF");
	else if (strcmp(how, "forks") == 0)
		return forks();
	else if (strcmp(how, "files") == 0)
		return files();
	read_at(strtoul(how, NULL, 0));
	return 0;
}
