/* Which devices that move data does L1 have?  Reads: devices.h.  Next: qemu.c, machine_tree.c. */
#define _GNU_SOURCE
#include "experiments/firn/machine/devices.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"

#define SECTOR 512
#define TAG_MAX 31
#define VMS_MAX 8
/* What all of them have: the SMMU translates what they do, they have no I/O ports, and nothing of them is executed. */
#define BEHIND_SMMU "iommu_platform=on,disable-legacy=on,romfile="

/* --- words of an option --- */

/* Takes ",OPTION..." off the end; what is behind OPTION, or NULL: it does not end so. */
static char *take_last(char *words, const char *option)
{
	char *comma = strrchr(words, ',');

	if (!comma || strncmp(comma + 1, option, strlen(option)) != 0)
		return NULL;
	*comma = '\0';
	return comma + 1 + strlen(option);
}

/* Which VM has it: ",vm=N" at the end, else the first. False after one line on stderr. */
static bool take_vm(const char *option, char *words, unsigned vms, unsigned *vm)
{
	const char *number = take_last(words, "vm=");
	uint64_t n = 0;

	if (number && (strlen(number) != 1 || *number < '0' || *number - '0' >= VMS_MAX))
		return !complain(STATUS_USAGE, "%s: 'vm=%s' names no VM; give vm=0 and so on", option,
				 number);
	if (number)
		n = (uint64_t)(*number - '0');
	if (n >= vms)
		return !complain(STATUS_USAGE, "%s: there is no VM %s; --vms says how many there are", option,
				 number);
	*vm = (unsigned)n;
	return true;
}

/* A port of this machine, and one of L1's. */
struct forwarded {
	char protocol[4];
	unsigned host, guest;
};

/* "tcp:HOST:GUEST". False after one line on stderr. */
static bool take_forward(const char *words, struct forwarded *f)
{
	char more;

	if (sscanf(words, "%3[a-z]:%5u:%5u%c", f->protocol, &f->host, &f->guest, &more) == 3 &&
	    (strcmp(f->protocol, "tcp") == 0 || strcmp(f->protocol, "udp") == 0) && f->host &&
	    f->host <= 65535 && f->guest && f->guest <= 65535)
		return true;
	return !complain(
		STATUS_USAGE,
		"--net: 'forward=%s' is not like forward=tcp:2222:22: a port of this machine, one of L1's",
		words);
}

/* What is behind the last colon, without a slash in it. */
static const char *take_tag(char *words)
{
	char *colon = strrchr(words, ':');

	if (!colon || strchr(colon, '/'))
		return "share";
	*colon = '\0';
	return colon + 1;
}

/* --- is the command line as it should be? --- */

/* What the words so far ask for. */
struct asked {
	unsigned vms, of_vm[VMS_MAX], all;
	char *ports; /* " tcp:2222 udp:53", those of this machine */
};

/* One device more. False after one line on stderr. */
static bool ask(struct asked *asked, unsigned vm)
{
	if (++asked->of_vm[vm] > DEVICES_OF_A_VM)
		return !complain(
			STATUS_USAGE,
			"VM %u has more than %d devices; give fewer of --root, --disk, --net, --share and --rng",
			vm, DEVICES_OF_A_VM);
	return ++asked->all <= DEVICES_MAX ||
	       !complain(STATUS_USAGE, "more than %d devices; give fewer", DEVICES_MAX);
}

/* False after one line on stderr. */
static bool check_forward(struct asked *asked, const char *words)
{
	struct forwarded f;
	char *port, *longer;
	bool twice;

	if (!take_forward(words, &f))
		return false;
	port = text(" %s:%u ", f.protocol, f.host);
	longer = text("%s%s", asked->ports, port);
	twice = strstr(asked->ports, port) != NULL;
	free(asked->ports);
	asked->ports = longer;
	free(port);
	return !twice || !complain(STATUS_USAGE,
				   "--net: %s port %u of this machine is forwarded twice; give each its own",
				   f.protocol, f.host);
}

/* user[,forward=tcp:HOST:GUEST]... False after one line on stderr. */
static bool check_net(struct asked *asked, char *words)
{
	char *rest = NULL, *word = strtok_r(words, ",", &rest);

	if (!word || strcmp(word, "user") != 0)
		return !complain(STATUS_USAGE, "--net: '%s' is no network that firn has; give user",
				 word ? word : "");
	while ((word = strtok_r(NULL, ",", &rest)) != NULL) {
		if (strncmp(word, "forward=", 8) != 0)
			return !complain(STATUS_USAGE,
					 "--net: '%s' is unknown; there are forward=tcp:HOST:GUEST and vm=N",
					 word);
		if (!check_forward(asked, word + 8))
			return false;
	}
	return true;
}

static bool check_share(struct asked *asked, char *words)
{
	const char *tag = take_tag(words);

	(void)asked;
	return (*tag && strlen(tag) <= TAG_MAX && !strchr(tag, ',')) ||
	       !complain(STATUS_USAGE, "--share: '%s' is no tag; it has 1 to %d characters and no comma", tag,
			 TAG_MAX);
}

/* A disk's name may be any. */
static bool check_disk_words(struct asked *asked, char *words)
{
	(void)asked;
	(void)words;
	return true;
}

/* False after one line on stderr. */
static bool check_each(struct asked *asked, const char *option, const struct option_words *words,
		       bool (*check)(struct asked *asked, char *words))
{
	bool good = true;

	for (size_t i = 0; good && i < words->count; i++) {
		char *copy = text("%s", words->word[i]);
		unsigned vm = 0;

		good = take_vm(option, copy, asked->vms, &vm) && ask(asked, vm) && check(asked, copy);
		free(copy);
	}
	return good;
}

bool devices_check(const struct devices_given *given, unsigned vms)
{
	struct asked asked = { .vms = vms, .ports = text("%s", "") };
	bool good = true;

	for (unsigned vm = 0; good && given->root && vm < vms; vm++)
		good = ask(&asked, vm);
	good = good && check_each(&asked, "--disk", &given->disks, check_disk_words) &&
	       check_each(&asked, "--net", &given->nets, check_net) &&
	       check_each(&asked, "--share", &given->shares, check_share);
	for (unsigned vm = 0; good && given->rng && vm < vms; vm++)
		good = ask(&asked, vm);
	free(asked.ports);
	return good;
}

/* --- a new one --- */

static struct device *add(struct devices *devices, unsigned vm)
{
	struct device *d = &devices->device[devices->count++];

	*d = (struct device){ .fd = -1, .vm = vm };
	return d;
}

/* --- disks --- */

/* Would a lock of these bytes, 0: all from there, meet another one's? */
static bool meets_lock(int fd, short type, off_t start, off_t bytes)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = bytes };

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/*
 * QEMU locks bytes of a disk that it has, for reading, and asks as a writer: byte 101 is its "I write", 103 its "I resize", 200 its
 * "nobody else may read". Who else is polite locks what it writes.
 */
static bool is_locked(int fd, bool read_only)
{
	if (!read_only)
		return meets_lock(fd, F_WRLCK, 0, 0);
	return meets_lock(fd, F_RDLCK, 0, 0) || meets_lock(fd, F_WRLCK, 101, 1) ||
	       meets_lock(fd, F_WRLCK, 103, 1) || meets_lock(fd, F_WRLCK, 200, 1);
}

/* False after one line on stderr. */
static bool check_disk(const char *option, const char *path, int fd, bool read_only)
{
	struct stat status;
	off_t bytes;

	if (fd < 0)
		return !complain(STATUS_FAILED, "%s: cannot open %s: %s%s", option, path, strerror(errno),
				 !read_only && (errno == EACCES || errno == EROFS || errno == EPERM) ?
					 "; a disk that is only read is FILE,ro" :
					 "");
	if (fstat(fd, &status) || (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode)))
		return !complain(STATUS_FAILED, "%s: %s is no file and no block device", option, path);
	bytes = lseek(fd, 0, SEEK_END);
	if (bytes <= 0 || bytes % SECTOR)
		return !complain(STATUS_FAILED,
				 "%s: %s has %lld bytes; a disk has a multiple of %d, and is not empty",
				 option, path, (long long)bytes, SECTOR);
	if (is_locked(fd, read_only))
		return !complain(
			STATUS_FAILED,
			"%s: %s is locked by another program, perhaps another QEMU that writes to it", option,
			path);
	return true;
}

static bool is_same_file(int one, int other)
{
	struct stat a, b;

	return !fstat(one, &a) && !fstat(other, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool is_written(int fd)
{
	return (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR;
}

/* One file is one disk, unless all of them only read it. */
static bool is_there_already(const struct devices *devices, int fd)
{
	for (size_t i = 0; i < devices->count; i++) {
		int other = devices->device[i].fd;

		if (other >= 0 && is_same_file(fd, other) && (is_written(fd) || is_written(other)))
			return true;
	}
	return false;
}

/* FILE[,ro][,vm=N]; a file whose name ends in one of these has to be given by another one. False after one line on stderr. */
static bool add_disk(struct devices *devices, const char *option, const char *given, unsigned vms)
{
	char *path = text("%s", given);
	bool read_only, good, twice;
	unsigned vm;
	struct device *d;
	int fd;

	if (!take_vm(option, path, vms, &vm)) {
		free(path);
		return false;
	}
	read_only = strlen(path) > 3 && strcmp(path + strlen(path) - 3, ",ro") == 0;
	if (read_only)
		path[strlen(path) - 3] = '\0';
	fd = open(path, read_only ? O_RDONLY : O_RDWR);
	good = check_disk(option, path, fd, read_only);
	twice = good && is_there_already(devices, fd);
	if (twice)
		complain(STATUS_FAILED,
			 "%s: %s is given twice; give each disk its own file, or FILE,ro to both", option,
			 path);
	d = add(devices, vm);
	d->fd = fd;
	d->host = text("%s", "-drive");
	d->value = text("if=none,id=device%zu,format=raw,file=/proc/self/fd/%d,readonly=%s", devices->count,
			fd, read_only ? "on" : "off");
	d->device = text("virtio-blk-pci,drive=device%zu," BEHIND_SMMU, devices->count);
	free(path);
	return good && !twice;
}

static bool open_disk(struct devices *devices, const char *given, unsigned vms)
{
	return add_disk(devices, "--disk", given, vms);
}

/* --- networks --- */

/* Somebody else's port would be QEMU's end. With SO_REUSEADDR a TCP port is free when only its old connections are left; two UDP
 * sockets would both have theirs. False after one line on stderr. */
static bool is_free(const char *protocol, unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	bool udp = strcmp(protocol, "udp") == 0, good;
	int yes = 1, fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);

	if (!udp)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	good = fd >= 0 && bind(fd, (const struct sockaddr *)(const void *)&at, sizeof(at)) == 0;
	if (!good)
		complain(STATUS_FAILED,
			 "--net: port %u of this machine cannot be had: %s; forward another one", port,
			 strerror(errno));
	if (fd >= 0)
		close(fd);
	return good;
}

/* "tcp:HOST:GUEST" to QEMU's own words, which are added to *value. False after one line on stderr. */
static bool forward(const char *words, char **value)
{
	struct forwarded f;
	char *longer;

	if (!take_forward(words, &f) || !is_free(f.protocol, f.host))
		return false;
	longer = text("%s,hostfwd=%s:127.0.0.1:%u-:%u", *value, f.protocol, f.host, f.guest);
	free(*value);
	*value = longer;
	return true;
}

/* user[,forward=tcp:HOST:GUEST]...[,vm=N]. False after one line on stderr. */
static bool open_net(struct devices *devices, const char *given, unsigned vms)
{
	char *words = text("%s", given), *rest = NULL, *word;
	unsigned vm;
	bool good = take_vm("--net", words, vms, &vm);
	struct device *d;

	if (!good) {
		free(words);
		return false;
	}
	d = add(devices, vm);
	d->host = text("%s", "-netdev");
	d->value = text("user,id=device%zu", devices->count);
	d->device = text("virtio-net-pci,netdev=device%zu," BEHIND_SMMU, devices->count);
	strtok_r(words, ",", &rest); /* "user" */
	while (good && (word = strtok_r(NULL, ",", &rest)) != NULL)
		good = forward(word + strlen("forward="), &d->value);
	free(words);
	return good;
}

/* --- folders --- */

/*
 * L1 is not trusted: owners, modes, links and device nodes that it makes are only described, so a file of setuid or a link out of the
 * folder is nothing to this machine. Where: in attributes, else in files of QEMU's own beside them.
 */
static const char *security_model(int fd)
{
	bool none = fgetxattr(fd, "user.virtfs.mode", NULL, 0) < 0 && errno == ENOTSUP;

	return none ? "mapped-file" : "mapped-xattr";
}

/* DIR[:TAG][,vm=N]. False after one line on stderr. */
static bool open_share(struct devices *devices, const char *given, unsigned vms)
{
	char *path = text("%s", given);
	const char *tag;
	unsigned vm;
	struct device *d;
	bool good = take_vm("--share", path, vms, &vm);

	if (!good) {
		free(path);
		return false;
	}
	tag = take_tag(path);
	d = add(devices, vm);
	d->fd = open(path, O_RDONLY | O_DIRECTORY);
	if (d->fd < 0)
		good = !complain(STATUS_FAILED, "--share: cannot open the folder %s: %s", path,
				 strerror(errno));
	d->host = text("%s", "-fsdev");
	d->value = text("local,id=device%zu,path=/proc/self/fd/%d,security_model=%s,multidevs=remap",
			devices->count, d->fd, security_model(d->fd));
	d->device = text("virtio-9p-pci,fsdev=device%zu,mount_tag=%s," BEHIND_SMMU, devices->count, tag);
	free(path);
	return good;
}

/* --- random numbers --- */

static void open_rng(struct devices *devices, unsigned vm)
{
	struct device *d = add(devices, vm);

	d->host = text("%s", "-object");
	d->value = text("rng-builtin,id=device%zu", devices->count);
	d->device = text("virtio-rng-pci,rng=device%zu," BEHIND_SMMU, devices->count);
}

/* --- all of them --- */

static bool each(struct devices *devices, const struct option_words *words, unsigned vms,
		 bool (*open_one)(struct devices *devices, const char *given, unsigned vms))
{
	for (size_t i = 0; i < words->count; i++)
		if (!open_one(devices, words->word[i], vms))
			return false;
	return true;
}

/* False after one line on stderr. */
static bool open_roots(struct devices *devices, const struct devices_given *given, unsigned vms)
{
	bool good = true;

	for (unsigned vm = 0; good && given->root && vm < vms; vm++) {
		char *words = text("%s%s,vm=%u", given->root, given->root_written ? "" : ",ro", vm);

		good = add_disk(devices, "--root", words, vms);
		free(words);
	}
	return good;
}

bool devices_open(struct devices *devices, const struct devices_given *given, unsigned vms)
{
	bool good = devices_check(given, vms) && open_roots(devices, given, vms) &&
		    each(devices, &given->disks, vms, open_disk) &&
		    each(devices, &given->nets, vms, open_net) &&
		    each(devices, &given->shares, vms, open_share);

	for (unsigned vm = 0; good && given->rng && vm < vms; vm++)
		open_rng(devices, vm);
	return good;
}

void devices_close(struct devices *devices)
{
	for (size_t i = 0; i < devices->count; i++) {
		struct device *d = &devices->device[i];

		free(d->host);
		free(d->value);
		free(d->device);
		if (d->fd >= 0)
			close(d->fd);
	}
	devices->count = 0;
}
