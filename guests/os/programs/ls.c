/* ls [-l] [PATH]...: what is in directories; with -l also inode, links and size. */

#include "program.h"

static void show(const char *path, const char *name, bool full)
{
	char whole[128];
	struct file_status status;
	snprintf(whole, sizeof(whole), "%s/%s", path, name);
	if (os_status(whole, &status) < 0) {
		complain("ls", whole);
		return;
	}
	if (full)
		printf("%4lu %2lu %6lu ", (unsigned long)status.inode, (unsigned long)status.links, (unsigned long)status.size);
	printf("%s%s\n", name, status.type == TYPE_DIRECTORY ? "/" : "");
}

static int list(const char *path, bool full)
{
	struct directory_row row;
	struct stat status;
	int fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &status) < 0)
		return complain("ls", path);
	if (!S_ISDIR(status.st_mode)) {
		show(".", path, full);
		return close(fd);
	}
	while (read(fd, &row, sizeof(row)) == (ssize_t)sizeof(row))
		if (row.inode && row.name[0] != '.')
			show(path, row.name, full);
	return close(fd);
}

int main(int argc, char **argv)
{
	bool full = argc > 1 && strcmp(argv[1], "-l") == 0;
	int code = 0;
	if (argc == 1 + full)
		return list(".", full);
	for (int i = 1 + full; i < argc; i++)
		code |= list(argv[i], full);
	return code;
}
