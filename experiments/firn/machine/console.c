/*
 * What does the guest say on its console, and what did it mean?  QEMU's console is our child's stdin and stdout;
 * here it is joined to the terminal, searched for the output of --exec, or collected.  Next: exec_filter.c, stat.c.
 */
#define _GNU_SOURCE
#include "experiments/firn/machine/console.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "experiments/firn/machine/exec_filter.h"
#include "experiments/firn/machine/resize.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/progress.h"

/* Bytes of console that are kept. Of more, the older half goes: what explains an end is at the end. */
#define TRANSCRIPT_LIMIT (8u << 20)
#define LAST_LINES 10
#define PANIC_LINE 1024 /* bytes: no line of Linux is longer */
#define PANICKED "the guest's kernel panicked"
#define ESCAPE 0x01 /* Ctrl-A, as in QEMU */

static void transcript_add(struct transcript *transcript, const char *bytes, size_t length)
{
	if (transcript->length + length > TRANSCRIPT_LIMIT) {
		size_t kept = transcript->length / 2;

		memmove(transcript->text, transcript->text + transcript->length - kept, kept);
		transcript->length = kept;
	}
	transcript->text = grow(transcript->text, transcript->length + length + 1, 1);
	for (size_t i = 0; i < length; i++) /* a 0 byte would hide what follows it */
		transcript->text[transcript->length++] = bytes[i] ? bytes[i] : '?';
	transcript->text[transcript->length] = '\0';
}

/* Reads what the child wrote; false at its end. */
static bool take_output(struct machine *machine, struct transcript *transcript, char *bytes, size_t *length)
{
	ssize_t got = read(machine->child.out, bytes, *length);

	if (got <= 0)
		return false;
	*length = (size_t)got;
	transcript_add(transcript, bytes, *length);
	return true;
}

/* Finds the next line at or after *at; its length without CR and LF. */
static const char *next_line(const struct transcript *transcript, size_t *at, size_t *length)
{
	const char *start = transcript->text + *at;
	size_t size;

	if (*at >= transcript->length)
		return NULL;
	size = strcspn(start, "\n");
	*at += size + 1;
	while (size && start[size - 1] == '\r')
		size--;
	*length = size;
	return start;
}

const char *transcript_line(const struct transcript *transcript, const char *words)
{
	size_t at = 0, length, size = strlen(words);
	const char *line, *last = NULL;

	while ((line = next_line(transcript, &at, &length)))
		if (length >= size && strncmp(line, words, size) == 0 &&
		    (length == size || line[size] == ' '))
			last = line;
	return last;
}

bool transcript_has_line(const struct transcript *transcript, const char *words)
{
	return transcript_line(transcript, words) != NULL;
}

/* What L0 says of itself and of each VM before it starts them (host/boot/main.c, host/create/vms.c). */
static bool is_greeting(const char *line)
{
	if (strncmp(line, "firn: VM ", 9) == 0)
		return line[9 + strspn(line + 9, "0123456789")] == ':';
	return strncmp(line, "firn: EL2, ", 11) == 0;
}

/* What L0 says where a reset is the end of a VM (host/run/power.c); why there was one, L1 said before. */
static bool is_reset(const char *line)
{
	unsigned vm;
	int end = 0;

	(void)sscanf(line, "firn: VM %u asked for a reset%n", &vm, &end);
	return end > 0;
}

/* Something that L0 had to say: a refusal, a panic, why a VM ended. */
static bool is_l0(const char *line)
{
	return strncmp(line, "firn: ", 6) == 0 && !is_greeting(line) && !is_reset(line);
}

/* A panic's line begins with that, wherever on the console it is. */
static bool is_panic(const char *line)
{
	return strncmp(line, "firn: panic: ", 13) == 0;
}

/* Where the interesting end of the console starts. */
static size_t find_last_words(const struct transcript *transcript)
{
	size_t at = 0, before = 0, length, count = 0;
	size_t last[LAST_LINES] = { 0 };
	const char *line;

	while ((line = next_line(transcript, &at, &length))) {
		if (is_panic(line))
			return before;
		if (length)
			last[count++ % LAST_LINES] = before;
		before = at;
	}
	if (count && is_l0(transcript->text + last[(count - 1) % LAST_LINES]))
		return last[(count - 1) % LAST_LINES];
	return count < LAST_LINES ? 0 : last[count % LAST_LINES];
}

/* The last line that is not empty; NULL if there is none. */
static const char *last_line(const struct transcript *transcript)
{
	size_t at = 0, length;
	const char *line, *last = NULL;

	while ((line = next_line(transcript, &at, &length)))
		last = length ? line : last;
	return last;
}

/* L1's own last line may have no end. */
static bool ended_by_reset(const struct transcript *transcript)
{
	const char *line = last_line(transcript);

	for (; line && (line = strstr(line, "firn: VM ")); line++)
		if (is_reset(line))
			return true;
	return false;
}

void transcript_explain(const struct transcript *transcript, const char *message)
{
	size_t at = transcript->length ? find_last_words(transcript) : 0, length;
	bool l0_said_it = transcript->length && is_l0(transcript->text + at);
	const char *line;

	while (transcript->length && (line = next_line(transcript, &at, &length)))
		if (length)
			fprintf(stderr, "%s%.*s\n", l0_said_it ? "" : "console: ", (int)length, line);
	if (ended_by_reset(transcript))
		complain(STATUS_FAILED, "%s: it asked for a reset (a panic or a reboot)", message);
	else if (!l0_said_it)
		complain(STATUS_FAILED, "%s", message);
}

static bool has_panic(const struct transcript *transcript)
{
	return transcript->length && is_panic(transcript->text + find_last_words(transcript));
}

/*
 * Has L1's Linux panicked, to stay so?  One that was told to restart then (panic=-1) does not write this line, which is the
 * last.  fresh: how many bytes of the console nobody has looked at yet.
 */
static bool l1_panicked(const struct transcript *transcript, size_t fresh)
{
	static const char begin[] = "---[ end Kernel panic", end[] = "]---";
	size_t known = fresh + PANIC_LINE;
	const char *line;

	if (!transcript->length)
		return false;
	line = strstr(transcript->text + (known < transcript->length ? transcript->length - known : 0),
		      begin);
	return line && strstr(line, end);
}

/* QEMU is gone, and not because the machine was switched off: how, and what it said last. */
static void explain_death(const struct child *child, int status)
{
	char *said = child_last_errors(child, LAST_LINES), *line = said, *end;

	for (; (end = strchr(line, '\n')); line = end + 1)
		fprintf(stderr, "QEMU: %.*s\n", (int)(end - line), line);
	if (WIFSIGNALED(status))
		complain(STATUS_FAILED, "QEMU died of signal %d (%s)%s%s", WTERMSIG(status),
			 strsignal(WTERMSIG(status)), *line ? ": " : "", line);
	else
		complain(STATUS_FAILED, "QEMU died with status %d: %s", WEXITSTATUS(status),
			 *line ? line : "it does not say why");
	free(said);
}

/* The machine's output has ended: did it switch itself off in an orderly way?  False after messages on stderr. */
static bool ended_well(struct machine *machine, const struct transcript *transcript)
{
	int status = child_finish(&machine->child);

	if (child_signal())
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		if (!has_panic(transcript))
			return true;
		transcript_explain(transcript, "L0 panicked");
		return false;
	}
	explain_death(&machine->child, status);
	return false;
}

/* How the user's terminal was, to be put back. */
struct terminal {
	bool is_raw;
	struct termios before;
};

/* Every key goes to the guest, Ctrl-C too. Nothing is done where stdin is no terminal. */
static void make_raw(struct terminal *terminal)
{
	struct termios raw;

	terminal->is_raw = isatty(0) && tcgetattr(0, &terminal->before) == 0;
	if (!terminal->is_raw)
		return;
	raw = terminal->before;
	cfmakeraw(&raw);
	raw.c_oflag |= OPOST; /* messages of firn itself still end their lines */
	tcsetattr(0, TCSADRAIN, &raw);
}

static void restore(const struct terminal *terminal)
{
	if (terminal->is_raw)
		tcsetattr(0, TCSADRAIN, &terminal->before);
}

#define KEYS 512 /* that are read at once */

/* What was typed and waits until the guest takes it, and sizes of the window. */
struct typed {
	char bytes[2 * KEYS + RESIZE_BYTES];
	size_t length;
	struct resize resize;
	bool escaped; /* the last key was Ctrl-A */
	bool at_end;  /* stdin has ended */
	bool quit;
};

/* Takes the escape sequences out of bytes[0..length); returns how many are left. */
static size_t take_escapes(struct typed *typed, char *bytes, size_t length)
{
	size_t left = 0;

	for (size_t i = 0; i < length; i++) {
		bool second = typed->escaped;

		typed->escaped = !second && bytes[i] == ESCAPE;
		if (typed->escaped)
			continue;
		if (second && (bytes[i] == 'x' || bytes[i] == 'X'))
			typed->quit = true;
		else if (second && (bytes[i] == 'h' || bytes[i] == '?'))
			fputs("\nCtrl-A x  ends firn\nCtrl-A Ctrl-A  sends Ctrl-A\n", stderr);
		else if (!second || bytes[i] == ESCAPE)
			bytes[left++] = bytes[i];
	}
	return left;
}

/* Called when there is something to read, and nothing left of what was read before. */
static void take_input(struct typed *typed, bool escapes)
{
	ssize_t got = read(0, typed->bytes, KEYS);

	typed->at_end = got <= 0;
	typed->length = got <= 0 ? 0 : (size_t)got;
	if (escapes)
		typed->length = take_escapes(typed, typed->bytes, typed->length);
	if (typed->resize.wanted)
		typed->length = resize_escape(typed->bytes, typed->length);
}

/* Behind what was typed, if L1 wants to know and there is room; else later. */
static void add_size(struct typed *typed)
{
	struct winsize size = { .ws_row = 0 };

	if (!typed->resize.asked || typed->length > 2 * KEYS)
		return;
	typed->resize.asked = false;
	if (isatty(0) && ioctl(0, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		typed->length += resize_message(typed->bytes + typed->length, size.ws_col, size.ws_row);
}

/* As much as QEMU takes now. When it takes nothing any more, what was typed is dropped. */
static void pass_input(struct typed *typed, int to)
{
	ssize_t put = write(to, typed->bytes, typed->length);

	if (put < 0 && errno != EAGAIN)
		typed->length = 0;
	if (put > 0) {
		typed->length -= (size_t)put;
		memmove(typed->bytes, typed->bytes + put, typed->length);
	}
}

/* False when nobody reads firn's output any more. */
static bool show(const char *bytes, size_t length)
{
	return fwrite(bytes, 1, length, stdout) == length && fflush(stdout) == 0;
}

/* True when the machine ended, false when somebody wanted firn to end. */
static bool relay(struct machine *machine, struct transcript *transcript, bool escapes)
{
	struct typed typed = { .length = 0 };
	char bytes[4096];
	size_t length;

	while (!typed.quit) {
		int input;

		add_size(&typed);
		input = typed.length || typed.at_end ? -1 : 0;
		switch (child_wait(&machine->child, input, typed.length > 0, -1)) {
		case CHILD_OUTPUT:
			length = sizeof(bytes);
			if (!take_output(machine, transcript, bytes, &length))
				return true;
			resize_watch(&typed.resize, bytes, length);
			if (!show(bytes, length))
				return false;
			break;
		case CHILD_INPUT:
			take_input(&typed, escapes);
			break;
		case CHILD_WRITABLE:
			pass_input(&typed, machine->child.in);
			break;
		case CHILD_RESIZED:
			typed.resize.asked = typed.resize.wanted;
			break;
		case CHILD_TIMEOUT:
			break;
		case CHILD_STOPPED:
			return false;
		}
	}
	return false;
}

int console_interactive(struct machine *machine)
{
	struct transcript transcript = { .text = NULL };
	struct terminal terminal;
	bool ended, good = true;
	const char *last;

	make_raw(&terminal);
	child_catch_resize();
	if (terminal.is_raw)
		fputs("firn: Ctrl-A x ends the machine\n", stderr);
	ended = relay(machine, &transcript, terminal.is_raw);
	restore(&terminal);
	if (!ended && terminal.is_raw)
		fputc('\n', stderr);
	if (ended)
		good = ended_well(machine, &transcript);
	last = last_line(&transcript);
	if (ended && good && (!last || is_greeting(last)))
		good = !complain(STATUS_FAILED, "the %s switched itself off without a word",
				 last ? "guest" : "machine");
	if (ended && last && is_l0(last)) /* and it is on the screen */
		good = false;
	if (ended && good && ended_by_reset(&transcript))
		good = !complain(STATUS_FAILED, "L1 resets itself again and again; --resets 0 lets it go on");
	free(transcript.text);
	return good ? 0 : STATUS_FAILED;
}

/* When a teller has spoken last, and whether its line is on the screen. */
struct told {
	time_t at;
	bool shown;
};

/* Not within a line of the command's, which would go with the teller's. */
static void let_tell(const struct console_teller *teller, struct told *told, const struct exec_filter *filter)
{
	bool within_line = isatty(1) && filter->last && filter->last != '\n';
	time_t now = time(NULL);

	if (!teller || within_line || now == told->at)
		return;
	teller->show(teller->context);
	*told = (struct told){ now, true };
}

static void hide_told(struct told *told)
{
	if (told->shown)
		progress_hide();
	told->shown = false;
}

/* Prints what is the command's. */
static void pass_output(struct exec_filter *filter, struct told *told, const char *bytes, size_t length,
			bool verbose)
{
	hide_told(told);
	exec_filter_feed(filter, bytes, length, stdout);
	fflush(stdout);
	if (verbose)
		fwrite(bytes, 1, length, stderr);
}

int console_exec(struct machine *machine, bool verbose, const struct console_teller *teller)
{
	struct exec_filter filter = { .phase = EXEC_BEFORE };
	struct transcript transcript = { .text = NULL };
	char bytes[4096];
	size_t length;
	struct told told = { .shown = false };
	enum child_event event;
	int status = STATUS_FAILED;
	bool panicked = false;

	while (!panicked &&
	       (event = child_wait(&machine->child, -1, false, teller ? 1000 : -1)) != CHILD_STOPPED) {
		length = sizeof(bytes);
		if (event == CHILD_OUTPUT && !take_output(machine, &transcript, bytes, &length))
			break;
		if (event == CHILD_OUTPUT) {
			pass_output(&filter, &told, bytes, length, verbose);
			/* Later it may be the command that speaks of a panic: of its L2, for instance. */
			panicked = filter.phase == EXEC_BEFORE && l1_panicked(&transcript, length);
		}
		let_tell(teller, &told, &filter);
	}
	hide_told(&told);
	if (panicked)
		transcript_explain(&transcript, PANICKED);
	else if (event == CHILD_OUTPUT && ended_well(machine, &transcript)) {
		if (filter.phase == EXEC_DONE)
			status = filter.status;
		else
			transcript_explain(&transcript, "the guest ended before the command did");
	}
	free(transcript.text);
	return status;
}

static void show_progress(const char *label, time_t since)
{
	if (label && isatty(2))
		fprintf(stderr, "\r\033[K%s: %lld s", label, (long long)(time(NULL) - since));
}

/* Always false. */
static bool gave_up(const struct transcript *transcript, uint64_t seconds)
{
	char *message = text("the guest hangs: it has said nothing for %llu s", (unsigned long long)seconds);

	transcript_explain(transcript, message);
	free(message);
	return !complain(
		STATUS_FAILED,
		"after %llu s of silence the machine was ended; --patience SECONDS gives it more (0: for "
		"ever), --verbose shows how far it comes",
		(unsigned long long)seconds);
}

/* Waits a second at a time: it is the guest's silence that is measured, not the machine's time. */
bool console_collect(struct machine *machine, struct transcript *transcript, const char *label,
		     const struct machine_config *config)
{
	char bytes[4096];
	enum child_event event;
	time_t start = time(NULL);
	uint64_t silent = 0;
	bool panicked;
	size_t length;

	*transcript = (struct transcript){ .text = NULL };
	do {
		show_progress(label, start);
		event = child_wait(&machine->child, -1, false, 1000);
		silent = event == CHILD_TIMEOUT ? silent + 1 : 0;
		length = sizeof(bytes);
		if (event == CHILD_OUTPUT && !take_output(machine, transcript, bytes, &length))
			break;
		if (event == CHILD_OUTPUT && config->verbose)
			fwrite(bytes, 1, length, stderr);
		panicked = event == CHILD_OUTPUT && l1_panicked(transcript, length);
	} while (!panicked && event != CHILD_STOPPED && (!config->patience || silent < config->patience));
	if (label && isatty(2))
		fputs("\r\033[K", stderr);
	if (event == CHILD_TIMEOUT)
		return gave_up(transcript, silent);
	if (panicked) {
		transcript_explain(transcript, PANICKED);
		return false;
	}
	return event != CHILD_STOPPED && ended_well(machine, transcript);
}
