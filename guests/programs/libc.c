#include <stdio.h>
#include <stdlib.h>
#include <errno.h>
#include <time.h>
#include <string.h>
static void bye(void){ printf("bye\n"); }
__attribute__((constructor)) static void c(void){ printf("ctor\n"); }
__attribute__((destructor)) static void d(void){ printf("dtor\n"); }
int main(int argc, char **argv)
{
	atexit(bye);
	printf("%d %s %lld %.17g %s\n", argc, argv[0], 1234567890123456789LL, 3.14159, strerror(ENOENT));
	char *p = malloc(100000); printf("%d\n", p!=NULL); free(p);
	p = malloc(10000000); printf("%d %d\n", p!=NULL, errno==ENOMEM);
	FILE *f = fopen("x","r"); printf("%d %d\n", f!=NULL, errno);
	struct timespec t; clock_gettime(CLOCK_MONOTONIC,&t);
	printf("%d %d\n", clock() > 1000 && clock()<1000000, t.tv_nsec > 0);
	char line[80]; int n; double x;
	while (fgets(line, 80, stdin)) printf("[%s]", line);
	if (sscanf("12 1.5", "%d %lf", &n, &x)==2) printf("%d %g\n", n, x);
	fprintf(stderr, "err\n");
	return 3;
}
