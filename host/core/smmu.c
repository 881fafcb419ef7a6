/* How does L0 keep the machine's devices out of memory that is not their VM's?  Reads: smmu.h. */
#include "host/core/smmu.h"

#include <libfdt.h>
#include <string.h>

#include "host/core/gic.h"
#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/core/places.h"
#include "host/machine/cpu.h"
#include "host/machine/fdt.h"
#include "host/machine/reg.h"
#include "host/machine/spinlock.h"
#include "host/machine/sysreg.h"
#include "host/report/print.h"
#include "nv/arch/pa_range.h"
#include "nv/smmu/idr.h"
#include "nv/smmu/regs.h"

/* How often a register is read before what it should say is given up. */
#define TRIES 10000000

struct stream {
	struct smmu_device device;
	bool attached, cut;
	uint64_t faults, faults_ever; /* since it was attached, and since it had its first owner */
	uint64_t cuts_ever;
};

static struct {
	volatile uint8_t *regs;
	uint32_t phandle, intid;
	const char *why_not;
	struct smmu_shape shape;
	void *streams; /* level 1, or all entries */
	struct smmu_command *commands;
	const struct smmu_event *events;
	uint32_t prod, cons; /* of commands, and what SMMU_CMDQ_CONS was when it was last read */
	struct stream stream[SMMU_STREAMS];
	bool (*listener)(const struct smmu_event *e);
	struct spinlock lock;
} smmu = { .why_not = "the machine has no SMMUv3 to confine it; start QEMU with -machine iommu=smmuv3",
	   .lock = SPINLOCK_INIT(RANK_SMMU) };

static uint32_t read(uint64_t offset)
{
	return *reg32(smmu.regs, offset);
}

static void write(uint64_t offset, uint32_t value)
{
	*reg32(smmu.regs, offset) = value;
}

/* Until the bits of mask in a register are value. False: they never are. */
static bool wait_for(uint64_t offset, uint32_t mask, uint32_t value)
{
	for (unsigned i = 0; i < TRIES; i++)
		if ((read(offset) & mask) == value)
			return true;
	return false;
}

/* With SMMU_CR0.SMMUEN = 0 every access is refused; what else could be done for somebody is at its end. */
static __attribute__((cold)) void give_up(const char *why)
{
	if (smmu.why_not)
		return;
	smmu.why_not = why;
	write(SMMU_GBPA, GBPA_UPDATE | (uint32_t)GBPA_ABORT);
	write(SMMU_CR0, smmu_cr0(read(SMMU_IDR0), 0));
	print("firn: %s; no device accesses memory any more\n", why);
}

/* --- commands, with the lock held --- */

static bool has_failed(void)
{
	return (read(SMMU_GERROR) ^ read(SMMU_GERRORN)) & GERROR_CMDQ_ERR;
}

static bool is_full(void)
{
	return smmu_queue_is_full(smmu.prod, smmu.cons, smmu.shape.cmdq_log2);
}

/* The SMMU begins with what send has put into the queue. */
static void begin(void)
{
	dsb_sy();
	write(SMMU_CMDQ_PROD, smmu.prod);
}

static bool make_room(void)
{
	begin();
	for (unsigned i = 0; i < TRIES && is_full(); i++)
		smmu.cons = read(SMMU_CMDQ_CONS);
	return !is_full();
}

/* Into the queue: sync has it carried out, or the next one that finds the queue full. */
static void send(struct smmu_command c)
{
	if (smmu.why_not)
		return;
	if (is_full() && !make_room()) {
		give_up("the SMMU takes no commands");
		return;
	}
	smmu.commands[smmu_queue_slot(smmu.prod, smmu.shape.cmdq_log2)] = c;
	smmu.prod = smmu_queue_next(smmu.prod, smmu.shape.cmdq_log2);
}

/* What was sent before has had its effect when this comes back. */
static void sync(void)
{
	send(smmu_sync());
	if (smmu.why_not)
		return;
	begin();
	for (unsigned i = 0; i < TRIES; i++) {
		smmu.cons = read(SMMU_CMDQ_CONS);
		if (smmu_queue_is_empty(smmu.prod, smmu.cons, smmu.shape.cmdq_log2))
			return;
		if (has_failed())
			break;
	}
	give_up("the SMMU does not carry out commands");
}

/* --- the stream table, with the lock held --- */

/* memory_alloc, with refusing entries. NULL: there is none. */
static void *refusing(uint64_t bytes)
{
	const struct smmu_ste refuse = smmu_ste_abort();
	pa_t pa;
	struct smmu_ste *entry;

	if (!memory_alloc(bytes, bytes, &pa))
		return NULL;
	entry = pa_to_va(pa);
	for (uint64_t i = 0; i < bytes / sizeof(*entry); i++)
		entry[i] = refuse;
	return entry;
}

/* A stream's entry, with the table that it is in. NULL: out of memory. */
static struct smmu_ste *entry_of(uint32_t stream)
{
	uint64_t *level1 = smmu.streams;
	struct smmu_ste *level2;

	if (!smmu.shape.two_levels)
		return (struct smmu_ste *)smmu.streams + stream;
	level1 += stream >> SMMU_SPLIT;
	if (!*level1) {
		level2 = refusing(SMMU_LEVEL2_BYTES);
		if (!level2)
			return NULL;
		dsb_sy();
		*level1 = smmu_level1_entry(va_to_pa(level2));
	}
	level2 = pa_to_va((pa_t){ *level1 & ~STRTAB_L1_SPAN });
	return &level2[stream % BIT(SMMU_SPLIT)];
}

/* The first word goes last: until then, and if it refuses, nothing else of an entry counts. */
static void set_entry(uint32_t stream, struct smmu_ste *entry, struct smmu_ste value)
{
	for (unsigned i = 1; i < SMMU_STE_WORDS && value.word[0] != smmu_ste_abort().word[0]; i++)
		entry->word[i] = value.word[i];
	dsb_sy();
	__atomic_store_n(&entry->word[0], value.word[0], __ATOMIC_RELAXED);
	send(smmu_cfgi_ste(stream));
	sync();
}

static struct stream *find(uint32_t stream)
{
	for (unsigned i = 0; i < SMMU_STREAMS; i++)
		if (smmu.stream[i].device.stream == stream && smmu.stream[i].attached)
			return &smmu.stream[i];
	return NULL;
}

/* That which it had before, or one that nobody has had. */
static struct stream *place_for(uint32_t stream)
{
	struct stream *free = NULL;

	for (unsigned i = 0; i < SMMU_STREAMS; i++) {
		struct stream *s = &smmu.stream[i];
		bool is_taken = s->attached || s->faults_ever || s->cuts_ever;

		if (is_taken && s->device.stream == stream)
			return s;
		if (!is_taken && !free)
			free = s;
	}
	return free;
}

static bool attach(const struct smmu_device *d)
{
	struct stream *s = place_for(d->stream);
	struct smmu_ste *entry = entry_of(d->stream);

	if (!s || !entry)
		return false;
	*s = (struct stream){
		.device = *d, .attached = true, .faults_ever = s->faults_ever, .cuts_ever = s->cuts_ever
	};
	set_entry(d->stream, entry, smmu_ste_stage2(&d->stage2));
	return !smmu.why_not;
}

bool smmu_attach(const struct smmu_device *d)
{
	bool done;

	if (smmu.why_not || d->stream >> smmu.shape.stream_bits)
		return false;
	spin_lock(&smmu.lock);
	done = attach(d);
	spin_unlock(&smmu.lock);
	return done;
}

static void refuse(struct stream *s)
{
	struct smmu_ste *entry = entry_of(s->device.stream);

	set_entry(s->device.stream, entry, smmu_ste_abort());
	send(smmu_tlbi_vmid(s->device.stage2.vmid));
	sync();
}

void smmu_detach(uint32_t stream)
{
	struct stream *s;

	spin_lock(&smmu.lock);
	s = find(stream);
	if (s) {
		refuse(s);
		s->attached = false;
	}
	spin_unlock(&smmu.lock);
}

void smmu_unmap(uint16_t vmid)
{
	spin_lock(&smmu.lock);
	send(smmu_tlbi_vmid(vmid));
	sync();
	spin_unlock(&smmu.lock);
}

/* --- events --- */

#define SLOT(rid) ((rid) >> 3 & 31), ((rid)&7)

/* What there is to say of an event, when the lock is free again: a line takes its time. */
struct words {
	struct smmu_device device;
	struct smmu_fault fault;
	uint64_t faults_ever;
	bool of_fault, of_cut;
};

static void say_fault(const struct smmu_device *d, const struct smmu_fault *f, uint64_t ever)
{
	if (f->has_address)
		print("firn: VM %u: PCI function %02x.%u %s %lx and was refused: %s (%lu times so far)\n",
		      d->vm, SLOT(d->rid), f->write ? "wrote to" : "read", f->address, f->what, ever);
	else
		print("firn: VM %u: PCI function %02x.%u was refused: %s (%lu times so far)\n", d->vm,
		      SLOT(d->rid), f->what, ever);
}

static void say(const struct words *w)
{
	if (w->of_fault)
		say_fault(&w->device, &w->fault, w->faults_ever);
	if (w->of_cut)
		print("firn: VM %u: PCI function %02x.%u has tried so %u times and has no more access to memory until its VM starts again\n",
		      w->device.vm, SLOT(w->device.rid), SMMU_FAULTS_MAX);
}

static struct words handle(const struct smmu_event *e)
{
	struct words w = { .fault = smmu_event_decode(e) };
	struct stream *s = find(w.fault.stream);
	struct smmu_consequence what;

	if (!s || s->cut)
		return w;
	what = smmu_consequence(++s->faults, ++s->faults_ever);
	w.device = s->device;
	w.faults_ever = s->faults_ever;
	w.of_fault = what.say;
	if (!what.cut)
		return w;
	s->cut = true;
	refuse(s);
	w.of_cut = smmu_consequence(0, ++s->cuts_ever).say;
	return w;
}

/* The next event leaves the queue. Those that had no room are lost, and are not told of any more. False: there is none. */
static bool take_event(struct smmu_event *e)
{
	unsigned log2 = smmu.shape.eventq_log2;
	uint32_t prod, cons;

	if (smmu.why_not)
		return false;
	prod = read(SMMU_EVENTQ_PROD);
	cons = read(SMMU_EVENTQ_CONS);
	dsb_sy();
	if (smmu_queue_is_empty(prod, cons, log2))
		return false;
	*e = smmu.events[smmu_queue_slot(cons, log2)];
	write(SMMU_EVENTQ_CONS, smmu_queue_next(cons, log2) | (prod & (uint32_t)QUEUE_OVERFLOW));
	return true;
}

/* Until the queue is empty, since the next interrupt comes when it is no more: a device that goes on is cut off, by this or by who listens. */
__attribute__((cold)) bool smmu_interrupt(uint32_t intid)
{
	struct smmu_event e;
	struct words w;
	bool some;

	if (!smmu.intid || intid != smmu.intid)
		return false;
	for (;;) {
		spin_lock(&smmu.lock);
		some = take_event(&e);
		spin_unlock(&smmu.lock);
		if (!some)
			return true;
		if (smmu.listener && smmu.listener(&e))
			continue;
		spin_lock(&smmu.lock);
		w = handle(&e);
		spin_unlock(&smmu.lock);
		say(&w);
	}
}

void smmu_set_listener(bool (*listener)(const struct smmu_event *e))
{
	smmu.listener = listener;
}

/* --- for an SMMU of L1's --- */

void smmu_features(uint32_t *idr0, uint32_t *idr5)
{
	*idr0 = read(SMMU_IDR0);
	*idr5 = read(SMMU_IDR5);
}

void smmu_change(uint32_t stream, const struct smmu_ste *entry)
{
	const struct stream *s;

	spin_lock(&smmu.lock);
	s = find(stream);
	if (s && !s->cut)
		set_entry(stream, entry_of(stream), *entry);
	spin_unlock(&smmu.lock);
}

void smmu_forward(const struct smmu_command *c)
{
	spin_lock(&smmu.lock);
	send(*c);
	spin_unlock(&smmu.lock);
}

void smmu_wait(void)
{
	spin_lock(&smmu.lock);
	sync();
	spin_unlock(&smmu.lock);
}

/* --- making --- */

/* A table of zeroes, of a page at least. */
static void *zeroes(uint64_t bytes)
{
	pa_t pa;

	if (!memory_alloc(bytes, bytes, &pa))
		return NULL;
	return memset(pa_to_va(pa), 0, bytes);
}

static uint64_t base_of(const void *table)
{
	return va_to_pa(table).val | BASE_ALLOCATE;
}

static bool make_tables(void)
{
	uint64_t bytes = smmu_stream_table_bytes(&smmu.shape);

	smmu.streams = smmu.shape.two_levels ? zeroes(bytes) : refusing(bytes);
	smmu.commands = zeroes(PAGE_SIZE);
	smmu.events = zeroes(PAGE_SIZE);
	return smmu.streams && smmu.commands && smmu.events;
}

static void set_tables(void)
{
	write(SMMU_CR1, CR1_CACHED);
	write(SMMU_CR2, (uint32_t)CR2_PTM);
	*reg64(smmu.regs, SMMU_STRTAB_BASE) = base_of(smmu.streams);
	write(SMMU_STRTAB_BASE_CFG, smmu_stream_table_config(&smmu.shape));
	*reg64(smmu.regs, SMMU_CMDQ_BASE) = base_of(smmu.commands) | smmu.shape.cmdq_log2;
	write(SMMU_CMDQ_PROD, 0);
	write(SMMU_CMDQ_CONS, 0);
	smmu.prod = smmu.cons = 0;
	*reg64(smmu.regs, SMMU_EVENTQ_BASE) = base_of(smmu.events) | smmu.shape.eventq_log2;
	write(SMMU_EVENTQ_PROD, 0);
	write(SMMU_EVENTQ_CONS, 0);
	dsb_sy();
}

static bool enable(uint32_t bits)
{
	uint32_t cr0 = smmu_cr0(read(SMMU_IDR0), bits);

	write(SMMU_CR0, cr0);
	return wait_for(SMMU_CR0ACK, CR0_SMMUEN | CR0_CMDQEN | CR0_EVENTQEN | CR0_ATSCHK, cr0);
}

static void enable_events(const void *fdt, int node)
{
	bool edge;
	uint32_t intid = fdt_intid_named(fdt, node, "eventq", &edge);

	write(SMMU_IRQ_CTRL, (uint32_t)IRQ_CTRL_EVENTQ);
	if (intid < INTID_FIRST_SPI ||
	    !wait_for(SMMU_IRQ_CTRLACK, (uint32_t)IRQ_CTRL_EVENTQ, IRQ_CTRL_EVENTQ))
		return;
	smmu.intid = intid;
	if (edge)
		gic_set_edge(intid);
	gic_enable(intid, this_cpu()->index);
}

/* All that is not translated is refused, from the first moment on. */
static const char *start(const void *fdt, int node)
{
	const char *lacks = smmu_decide(read(SMMU_IDR0), read(SMMU_IDR1), read(SMMU_IDR5), &smmu.shape);

	if (!wait_for(SMMU_GBPA, (uint32_t)GBPA_UPDATE, 0))
		return "the SMMU does not answer";
	write(SMMU_GBPA, (uint32_t)(GBPA_UPDATE | GBPA_ABORT));
	if (!wait_for(SMMU_GBPA, (uint32_t)GBPA_UPDATE, 0) || !enable(0))
		return "the SMMU does not answer";
	if (lacks)
		return lacks;
	if (!make_tables())
		return "no memory left for the SMMU's tables; start QEMU with a larger -m";
	set_tables();
	if (!enable(CR0_CMDQEN) || !enable(CR0_CMDQEN | CR0_EVENTQEN))
		return "the SMMU does not answer";
	smmu.why_not = NULL;
	send(smmu_cfgi_all());
	send(smmu_tlbi_all());
	sync();
	enable_events(fdt, node);
	if (!smmu.why_not && !enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN))
		return "the SMMU does not answer";
	return smmu.why_not;
}

void smmu_init(const void *fdt)
{
	int node = fdt_compatible(fdt, "arm,smmu-v3");
	uint64_t base, size;

	if (node < 0 || !fdt_reg(fdt, node, 0, &base, &size))
		return;
	places_enter_device(fdt, "the SMMU", base, size, SMMU_BYTES);
	smmu.regs = mmu_map_device((pa_t){ base }, SMMU_BYTES);
	smmu.phandle = fdt_get_phandle(fdt, node);
	smmu.why_not = start(fdt, node);
	if (smmu.why_not)
		print("firn: no device that accesses memory can be assigned: %s\n", smmu.why_not);
	else
		print("firn: SMMU: stage 2, %u bits of address, %u of StreamID\n", smmu.shape.oas,
		      smmu.shape.stream_bits);
}

const char *smmu_why_not(uint32_t phandle)
{
	if (!smmu.why_not && phandle != smmu.phandle)
		return "it is not behind the SMMU that firn uses";
	return smmu.why_not;
}

unsigned smmu_output_bits(void)
{
	return smmu.shape.oas;
}
