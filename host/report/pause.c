/* What do L0's accesses to the clocks mean while time stands still?  Reads: pause.h.  Next: gate.S. */
#include "host/report/pause.h"

#include "nv/arch/fields.h"

struct pause paused;

static uint64_t get(const struct site_frame *f, unsigned reg)
{
	return reg < 31 ? f->x[reg] : 0;
}

static void set(struct site_frame *f, unsigned reg, uint64_t value)
{
	if (reg < 31)
		f->x[reg] = value;
}

/* A compare value that is later by what hardware's clock is ahead; one behind the end of time stays there. */
static uint64_t later(uint64_t cval)
{
	return cval + paused.applied < cval ? UINT64_MAX : cval + paused.applied;
}

void pause_now(struct site_frame *f, const struct site *s)
{
	set(f, s->reg[0], paused.now);
}

void pause_cntvoff_read(struct site_frame *f, const struct site *s)
{
	set(f, s->reg[0], read_sysreg(CNTVOFF_EL2) - paused.applied);
}

void pause_cntvoff_write(struct site_frame *f, const struct site *s)
{
	write_sysreg(CNTVOFF_EL2, get(f, s->reg[0]) + paused.applied);
}

void pause_cntp_cval_read(struct site_frame *f, const struct site *s)
{
	set(f, s->reg[0], paused.cntp_cval);
}

/* The end of each piece writes hardware's. */
void pause_cntp_cval_write(struct site_frame *f, const struct site *s)
{
	paused.cntp_cval = get(f, s->reg[0]);
}

void pause_cnthp_cval_write(struct site_frame *f, const struct site *s)
{
	write_sysreg(CNTHP_CVAL_EL2, later(get(f, s->reg[0])));
}

void pause_cnthv_cval_write(struct site_frame *f, const struct site *s)
{
	write_sysreg(CNTHV_CVAL_EL2, later(get(f, s->reg[0])));
}

/* TVAL is signed and has 32 bits. */
void pause_cnthv_tval_write(struct site_frame *f, const struct site *s)
{
	write_sysreg(CNTHV_CVAL_EL2,
		     later(paused.now + (uint64_t)(int64_t)(int32_t)(uint32_t)get(f, s->reg[0])));
}

void pause_cnthctl_write(struct site_frame *f, const struct site *s)
{
	paused.cnthctl = get(f, s->reg[0]);
	write_sysreg(CNTHCTL_EL2, paused.cnthctl & ~(CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN));
}

void pause_call(struct site_frame *f, const struct site *s)
{
	void (*call)(void *v, uint64_t a, uint64_t b, uint64_t c) =
		(void (*)(void *, uint64_t, uint64_t, uint64_t))s->call;

	call((void *)get(f, s->reg[0]), get(f, s->reg[1]), get(f, s->reg[2]), get(f, s->reg[3]));
}
