/*
 * What do a pipe, a process and a TCP connection cost?  The smallest programs that use them: each does N operations, one after the
 * other.  Usage: small pipe|fork|tcp N.
 *
 *  pipe  a byte goes through a pipe to another process, which sends it back through another one
 *  fork  a process is made, ends at once, and is waited for
 *  tcp   a byte is sent through TCP over the loopback device to another process, which sends it back: netperf's TCP_RR
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Each byte comes back, until there is none. */
static _Noreturn void echo(int in, int out)
{
	char byte;

	while (read(in, &byte, 1) == 1)
		if (write(out, &byte, 1) != 1)
			fail("write");
	_exit(0);
}

static void exchange(int in, int out, unsigned long n)
{
	char byte = 'x';

	while (n--)
		if (write(out, &byte, 1) != 1 || read(in, &byte, 1) != 1)
			fail("the other process");
}

static void wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || status)
		fail("waitpid");
}

static void pipes(unsigned long n)
{
	int there[2], back[2];
	pid_t child;

	if (pipe(there) || pipe(back) || (child = fork()) < 0)
		fail("pipe");
	if (!child) {
		close(there[1]);
		echo(there[0], back[1]);
	}
	exchange(back[0], there[1], n);
	close(there[1]);
	wait_for(child);
}

static void forks(unsigned long n)
{
	while (n--) {
		pid_t child = fork();

		if (child < 0)
			fail("fork");
		if (!child)
			_exit(0);
		wait_for(child);
	}
}

/* Small packets are sent at once. */
static int without_delay(int fd)
{
	int one = 1;

	if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		fail("socket");
	return fd;
}

static void tcp(unsigned long n)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
	pid_t child;

	if (listener < 0 || bind(listener, (struct sockaddr *)&at, size) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&at, &size) || (child = fork()) < 0)
		fail("listen");
	if (!child) {
		fd = without_delay(accept(listener, NULL, NULL));
		echo(fd, fd);
	}
	fd = without_delay(socket(AF_INET, SOCK_STREAM, 0));
	if (connect(fd, (struct sockaddr *)&at, size))
		fail("connect");
	exchange(fd, fd, n);
	close(fd);
	wait_for(child);
}

int main(int argc, char **argv)
{
	unsigned long n = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (n && !strcmp(argv[1], "pipe"))
		pipes(n);
	else if (n && !strcmp(argv[1], "fork"))
		forks(n);
	else if (n && !strcmp(argv[1], "tcp"))
		tcp(n);
	else {
		fprintf(stderr, "usage: small pipe|fork|tcp N\n");
		return 2;
	}
	return 0;
}
