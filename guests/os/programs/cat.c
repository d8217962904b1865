/* cat [FILE]...: copies files, or its input, to its output. */

#include "program.h"

static int copy(int from)
{
	char bytes[512];
	ssize_t n;
	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		for (ssize_t done = 0, part; done < n; done += part)
			if ((part = write(STDOUT_FILENO, bytes + done, (size_t)(n - done))) < 0)
				return complain("cat", "output");
	return n < 0 ? complain("cat", "input") : 0;
}

int main(int argc, char **argv)
{
	int code = argc > 1 ? 0 : copy(STDIN_FILENO);
	for (int i = 1; i < argc; i++) {
		int fd = open(argv[i], O_RDONLY);
		code |= fd < 0 ? complain("cat", argv[i]) : copy(fd);
		close(fd);
	}
	return code;
}
