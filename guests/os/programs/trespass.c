/* trespass ADDRESS | privileged | illegal | forks | files | memory | terminal | doors: does what a process must not, in one way. */

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

static int memory(void)
{
	int kib = 0;
	while (sbrk(1024) != (void *)-1)
		kib++;
	printf("got %d KiB\n", kib);
	return 0;
}

/* What is typed to somebody else. */
static int terminal(void)
{
	char c;
	int code = os_terminal(TERMINAL_BYTES) < 0 ? complain("trespass", "terminal") : 0;
	return read(STDIN_FILENO, &c, 1) < 0 ? complain("trespass", "read") : code;
}

/* Opens what it can reach, and shuts itself in afterwards. */
static int doors(void)
{
	char bytes[32];
	int file = open("/home/secret", O_RDONLY), directory = open("/home", O_RDONLY);
	dup2(directory, STDIN_FILENO);
	os_jail("/home/j", &(struct jail_limits){ 0 });
	for (int fd = 0; fd <= directory; fd++)
		if (fd != STDOUT_FILENO && fd != STDERR_FILENO && read(fd, bytes, sizeof(bytes)) >= 0)
			printf("descriptor %d leads out\n", fd);
	if (chdir("..") < 0 || open("home/secret", O_RDONLY) >= 0 || os_jail("/", &(struct jail_limits){ 0 }) >= 0)
		puts("out again");
	return file < 0;
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
	else if (strcmp(how, "memory") == 0)
		return memory();
	else if (strcmp(how, "terminal") == 0)
		return terminal();
	else if (strcmp(how, "doors") == 0)
		return doors();
	read_at(strtoul(how, NULL, 0));
	return 0;
}
