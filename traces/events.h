/*
 * What does L0 tell of what it does?  Every event once: the record in memory, the call that makes it (host/record/trace.h), the
 * field table of the decoder and the format text that trace-cmd reads (decode.c, format.c) are all made from this list.
 * Next: ring.h, which carries the records to the host side.
 *
 * EVENT(number, name, group, print format, arguments)      numbers are never used again for something else
 * FIELDS_name(FIELD, E)                                    FIELD(E, type, name), naturally aligned, no holes
 *
 * Where Linux KVM has a tracepoint for it, name and first fields are KVM's. A field of type NAME is KVM's pointer to
 * a string; here it is the 16-bit encoding of a register (SYSREG_ENC), which the file's string table names.
 * Fields that only the recorder knows (experiments/firn/record/enrich.c) are 0 in memory: they are marked "recorder".
 */
#ifndef TRACES_EVENTS_H
#define TRACES_EVENTS_H

#include <stdint.h>

/* Groups that firn record can ask for, by bit. */
#define TRACE_GROUPS(G)                                                                             \
	G(trap, "exceptions to L0 and returns, where they went and what they did")                  \
	G(sysreg, "each emulated register access, with its value")                                  \
	G(shadow, "shadow stage 2: faults, entries made and removed, TLBI")                         \
	G(gic, "interrupts, and the list registers of L2")                                          \
	G(timer, "timers exchanged between the worlds")                                             \
	G(vncr, "each change of the VNCR page and of L1's other registers that decide about traps") \
	G(stack, "L1's call stack at each trap from vEL2")

enum trace_group {
#define G(name, about) TRACE_GROUP_##name,
	TRACE_GROUPS(G)
#undef G
	TRACE_GROUP_COUNT
};

#define TRACE_LEVELS \
	"{ 0, \"vEL2\" }, { 1, \"L1 EL1\" }, { 2, \"L1 EL0\" }, { 3, \"L2 EL1\" }, { 4, \"L2 EL0\" }"
#define TRACE_CAUSES "{ 0, \"?\" }, { 1, \"architecture\" }, { 2, \"L0\" }, { 3, \"L1\" }"
#define TRACE_PLACES                                                                                                        \
	"{ 0, \"undefined\" }, { 1, \"page\" }, { 2, \"file\" }, { 3, \"hardware\" }, { 4, \"ID\" }, { 5, \"computed\" }, " \
	"{ 6, \"timer\" }, { 7, \"interrupt\" }, { 8, \"TLBI\" }, { 9, \"AT\" }"
#define TRACE_MODES "{ 0, \"EL0t\" }, { 4, \"EL1t\" }, { 5, \"EL1h\" }, { 8, \"EL2t\" }, { 9, \"EL2h\" }"

// clang-format off
#define TRACE_EVENTS(EVENT) \
	EVENT(1, kvm_exit, trap, \
		"%s: HSR_EC: 0x%04x, PC: 0x%016lx from %s esr_el2: 0x%lx (%s) cause: %s %s", \
		"__print_symbolic(REC->ret, { 0, \"IRQ\" }, { 1, \"SERROR\" }, { 2, \"TRAP\" }, { 3, \"FIQ\" }), REC->esr_ec, " \
		"REC->vcpu_pc, __print_symbolic(REC->level, " TRACE_LEVELS "), REC->esr_el2, REC->reason, " \
		"__print_symbolic(REC->cause, " TRACE_CAUSES "), REC->control") \
	EVENT(2, kvm_entry, trap, "PC: 0x%016lx to %s cost: %lu hcr_el2: 0x%lx", \
		"REC->vcpu_pc, __print_symbolic(REC->level, " TRACE_LEVELS "), REC->cost, REC->hcr_el2") \
	EVENT(3, kvm_nested_eret, trap, "elr_el2: 0x%lx spsr_el2: 0x%08lx (M: %s) hcr_el2: %lx", \
		"REC->elr_el2, REC->spsr_el2, __print_symbolic(REC->target_mode, " TRACE_MODES "), REC->hcr_el2") \
	EVENT(4, kvm_inject_nested_exception, trap, \
		"%s: esr_el2 0x%lx elr_el2: 0x%lx spsr_el2: 0x%08lx (M: %s) hcr_el2: %lx", \
		"__print_symbolic(REC->type, { 0, \"Synchronous\" }, { 1, \"IRQ\" }), REC->esr_el2, REC->pc, REC->spsr_el2, " \
		"__print_symbolic(REC->source_mode, " TRACE_MODES "), REC->hcr_el2") \
	EVENT(5, firn_inject_guest_exception, trap, "esr_el1: 0x%lx elr_el1: 0x%lx spsr_el1: 0x%08lx", \
		"REC->esr_el1, REC->pc, REC->spsr_el1") \
	EVENT(6, kvm_sys_access, sysreg, "PC: %lx %s (%d,%d,%d,%d,%d) %s 0x%lx (%s)", \
		"REC->vcpu_pc, REC->name, REC->Op0, REC->Op1, REC->CRn, REC->CRm, REC->Op2, " \
		"REC->is_write ? \"write\" : \"read\", REC->value, __print_symbolic(REC->place, " TRACE_PLACES ")") \
	EVENT(7, kvm_hvc_arm64, trap, "HVC at 0x%016lx (r0: 0x%016lx, imm: 0x%lx)", "REC->vcpu_pc, REC->r0, REC->imm") \
	EVENT(8, kvm_wfx_arm64, trap, "guest executed wf%s at: 0x%016lx", \
		"__print_symbolic(REC->is_wfe, { 0, \"i\" }, { 1, \"e\" }), REC->vcpu_pc") \
	EVENT(9, firn_mark, trap, "mark %lu at PC: 0x%016lx", "REC->number, REC->vcpu_pc") \
	EVENT(10, kvm_guest_fault, shadow, "ipa %#llx, hsr %#08lx, hxfar %#08lx, pc %#016lx", \
		"REC->ipa, REC->hsr, REC->hxfar, REC->vcpu_pc") \
	EVENT(11, firn_shadow_fault, shadow, "l2_ipa 0x%lx l1_ipa 0x%lx %s fsc 0x%x", \
		"REC->l2_ipa, REC->l1_ipa, __print_symbolic(REC->result, { 0, \"filled\" }, { 1, \"fault of L1\" }, " \
		"{ 2, \"device of L1\" }), REC->fsc") \
	EVENT(12, firn_shadow_map, shadow, "l2_ipa 0x%lx l1_ipa 0x%lx level %d tree %d", \
		"REC->l2_ipa, REC->l1_ipa, REC->level, REC->tree") \
	EVENT(13, firn_shadow_unmap, shadow, "l2_ipa 0x%lx size 0x%lx tree %d", "REC->l2_ipa, REC->size, REC->tree") \
	EVENT(14, firn_tlbi, shadow, "%s operand 0x%lx", "REC->name, REC->operand") \
	EVENT(15, kvm_mmio, trap, "mmio %s len %u gpa 0x%llx val 0x%llx", \
		"__print_symbolic(REC->type, { 1, \"read\" }, { 2, \"write\" }), REC->len, REC->gpa, REC->val") \
	EVENT(16, firn_interrupt, gic, "INTID %u at L0", "REC->intid") \
	EVENT(17, vgic_update_irq_pending, gic, "VCPU: %ld, IRQ %d, level: %d", "REC->vcpu_id, REC->irq, REC->level") \
	EVENT(18, firn_list_registers, gic, "%s %s lr0 0x%lx lr1 0x%lx lr2 0x%lx lr3 0x%lx", \
		"REC->is_own ? \"of vEL2\" : \"of its guest\", REC->taken_back ? \"taken back\" : \"loaded\", REC->lr0, REC->lr1, REC->lr2, REC->lr3") \
	EVENT(19, kvm_timer_save_state, timer, "   CTL: %#08lx CVAL: %#16llx arch_timer_ctx_index: %d", \
		"REC->ctl, REC->cval, REC->timer_idx") \
	EVENT(20, kvm_timer_restore_state, timer, "CTL: %#08lx CVAL: %#16llx arch_timer_ctx_index: %d", \
		"REC->ctl, REC->cval, REC->timer_idx") \
	EVENT(21, kvm_timer_update_irq, timer, "VCPU: %ld, IRQ %d, level %d", "REC->vcpu_id, REC->irq, REC->level") \
	EVENT(22, firn_vcpu_state, trap, "VM %u vCPU %u %s, mode %s, PC: 0x%lx", \
		"REC->vm, REC->vcpu, __print_symbolic(REC->state, { 0, \"off\" }, { 1, \"on\" }), " \
		"__print_symbolic(REC->mode, { 0, \"nv\" }, { 1, \"nv2\" }), REC->vcpu_pc") \
	EVENT(23, firn_register, vncr, "%s 0x%lx (%s, %s)", \
		"REC->name, REC->value, REC->by_l0 ? \"by L0\" : \"by L1\", REC->slot == 0xffff ? \"file\" : \"page\"") \
	EVENT(24, firn_stack, stack, "%u frames: 0x%lx 0x%lx 0x%lx 0x%lx", \
		"REC->frames, REC->caller0, REC->caller1, REC->caller2, REC->caller3") \
	EVENT(25, firn_code, trap, "page 0x%lx at 0x%lx", "REC->address, REC->pa") \
	EVENT(26, firn_message, gic, "LPI %u: device %02x.%x of VM %u, event %u: INTID %u of its GIC", \
		"REC->lpi, REC->function >> 3, REC->function & 7, REC->vm, REC->event, REC->intid")

#define FIELDS_kvm_exit(F, E) \
	F(E, INT, ret) F(E, UINT, esr_ec) F(E, ULONG, vcpu_pc) \
	F(E, ULONG, esr_el2) F(E, ULONG, far_el2) F(E, ULONG, hpfar_el2) F(E, ULONG, pstate) \
	F(E, ULONG, lr)         /* X30, and X29 */ \
	F(E, ULONG, fp) \
	F(E, ULONG, l1_hcr_el2) /* HCR_EL2 as L1 wrote it */ \
	F(E, ULONG, guest_ticks) /* since the last entry */ \
	F(E, NAME, reason)      /* recorder: TRACE_STRING_REASON + number */ \
	F(E, NAME, control)     /* recorder: TRACE_STRING_CONTROL + number */ \
	F(E, UCHAR, level)      /* enum ledger_level: where the exception came from */ \
	F(E, UCHAR, from_vel2) F(E, UCHAR, is_mark) \
	F(E, UCHAR, cause)      /* recorder: enum nv_cause_kind */ \
	F(E, UINT, instruction) /* that trapped: at PC, or in front of it for HVC; 0 if it cannot be read */
#define FIELDS_kvm_entry(F, E) \
	F(E, ULONG, vcpu_pc) F(E, ULONG, hcr_el2) F(E, ULONG, pstate) \
	F(E, ULONG, cost)       /* ticks in L0 since the exit, those of the tracing itself left out */ \
	F(E, ULONG, tracing)    /* ticks of the tracing itself, up to this event; not those until the ring had room */ \
	F(E, UINT, level) F(E, UINT, reserved)
#define FIELDS_kvm_nested_eret(F, E) \
	F(E, ULONG, vcpu) F(E, ULONG, elr_el2) F(E, ULONG, spsr_el2) F(E, ULONG, target_mode) \
	F(E, ULONG, hcr_el2) \
	F(E, ULONG, pstate)     /* before, in hardware's terms */ \
	F(E, UINT, to)          /* enum nv_eret_to */ \
	F(E, UINT, reserved)
#define FIELDS_kvm_inject_nested_exception(F, E) \
	F(E, ULONG, vcpu) F(E, ULONG, esr_el2) F(E, INT, type) F(E, UINT, from) F(E, ULONG, spsr_el2) \
	F(E, ULONG, pc) F(E, ULONG, source_mode) \
	F(E, ULONG, hcr_el2) F(E, ULONG, vbar) F(E, ULONG, sctlr) F(E, ULONG, new_pc) F(E, ULONG, new_pstate)
#define FIELDS_firn_inject_guest_exception(F, E) \
	F(E, ULONG, esr_el1) F(E, ULONG, pc) F(E, ULONG, spsr_el1) F(E, ULONG, new_pc)
#define FIELDS_kvm_sys_access(F, E) \
	F(E, ULONG, vcpu_pc) F(E, UCHAR, is_write) F(E, UCHAR, Op0) F(E, UCHAR, Op1) F(E, UCHAR, CRn) \
	F(E, UCHAR, CRm) F(E, UCHAR, Op2) \
	F(E, UCHAR, place) F(E, UCHAR, reserved) F(E, NAME, name) F(E, ULONG, value)
#define FIELDS_kvm_hvc_arm64(F, E) F(E, ULONG, vcpu_pc) F(E, ULONG, r0) F(E, ULONG, imm)
#define FIELDS_kvm_wfx_arm64(F, E) F(E, ULONG, vcpu_pc) F(E, UINT, is_wfe) F(E, UINT, reserved)
#define FIELDS_firn_mark(F, E) F(E, ULONG, number) F(E, ULONG, vcpu_pc)
#define FIELDS_kvm_guest_fault(F, E) F(E, ULONG, vcpu_pc) F(E, ULONG, hsr) F(E, ULONG, hxfar) F(E, ULONG, ipa)
#define FIELDS_firn_shadow_fault(F, E) F(E, ULONG, l2_ipa) F(E, ULONG, l1_ipa) F(E, UINT, result) \
	F(E, UINT, fsc)
#define FIELDS_firn_shadow_map(F, E) F(E, ULONG, l2_ipa) F(E, ULONG, l1_ipa) F(E, INT, level) F(E, INT, tree)
#define FIELDS_firn_shadow_unmap(F, E) F(E, ULONG, l2_ipa) F(E, ULONG, size) F(E, INT, tree) \
	F(E, UINT, reserved)
#define FIELDS_firn_tlbi(F, E) F(E, NAME, name) F(E, ULONG, operand)
#define FIELDS_kvm_mmio(F, E) F(E, UINT, type) F(E, UINT, len) F(E, ULONG, gpa) F(E, ULONG, val)
#define FIELDS_firn_interrupt(F, E) F(E, UINT, intid) F(E, UINT, reserved)
#define FIELDS_vgic_update_irq_pending(F, E) F(E, ULONG, vcpu_id) F(E, UINT, irq) F(E, INT, level)
#define FIELDS_firn_list_registers(F, E) \
	F(E, UINT, taken_back) \
	F(E, UINT, is_own)      /* L1's own, which L0 fills; else those that L1 filled for its guest */ \
	F(E, ULONG, lr0) F(E, ULONG, lr1) F(E, ULONG, lr2) \
	F(E, ULONG, lr3)
#define FIELDS_kvm_timer_save_state(F, E) F(E, ULONG, ctl) F(E, ULONG, cval) F(E, INT, timer_idx) \
	F(E, UINT, reserved)
#define FIELDS_kvm_timer_restore_state(F, E) F(E, ULONG, ctl) F(E, ULONG, cval) F(E, INT, timer_idx) \
	F(E, UINT, reserved)
#define FIELDS_kvm_timer_update_irq(F, E) F(E, ULONG, vcpu_id) F(E, UINT, irq) F(E, INT, level)
#define FIELDS_firn_vcpu_state(F, E) F(E, UINT, vm) F(E, UINT, vcpu) F(E, UINT, state) F(E, UINT, mode) F(E, ULONG, vcpu_pc)
#define FIELDS_firn_register(F, E) F(E, NAME, name) F(E, ULONG, value) F(E, USHORT, slot) \
	F(E, USHORT, by_l0) F(E, UINT, reserved)
/* So many frames from the one with that number on: a deep stack has several of these events, one after the other. */
#define FIELDS_firn_stack(F, E) \
	F(E, UINT, frames) F(E, UINT, first) F(E, ULONG, caller0) F(E, ULONG, caller1) \
	F(E, ULONG, caller2) F(E, ULONG, caller3) \
	F(E, ULONG, caller4) F(E, ULONG, caller5) F(E, ULONG, caller6) F(E, ULONG, caller7) \
	F(E, ULONG, caller8) F(E, ULONG, caller9) F(E, ULONG, caller10) F(E, ULONG, caller11) \
	F(E, ULONG, caller12) F(E, ULONG, caller13) F(E, ULONG, caller14) F(E, ULONG, caller15) \
	F(E, ULONG, caller16) F(E, ULONG, caller17) F(E, ULONG, caller18) F(E, ULONG, caller19) \
	F(E, ULONG, caller20) F(E, ULONG, caller21) F(E, ULONG, caller22) F(E, ULONG, caller23) \
	F(E, ULONG, caller24) F(E, ULONG, caller25) F(E, ULONG, caller26) F(E, ULONG, caller27) \
	F(E, ULONG, caller28) F(E, ULONG, caller29) F(E, ULONG, caller30) F(E, ULONG, caller31)
#define FIELDS_firn_code(F, E) \
	F(E, ULONG, address)    /* of a page of L1's code, in which vEL2 trapped, or of one beside it */ \
	F(E, ULONG, pa)         /* in the machine's memory; the recorder takes it from there, and keeps no such event */
#define FIELDS_firn_message(F, E) \
	F(E, UINT, lpi)         /* of the machine */ \
	F(E, UINT, vm) \
	F(E, UINT, function)    /* of L1's bus 0: device and function, 5 and 3 bits */ \
	F(E, UINT, event) \
	F(E, UINT, intid)       /* the LPI that L1's ITS makes of it; 0: none */ \
	F(E, UINT, reserved)
// clang-format on

#define TRACE_STACK_FRAMES 32 /* in one event */
#define TRACE_STACK_MOST 128  /* in all */

/* X(type, C type, as the kernel writes it, signed) */
#define TRACE_TYPES(X)                           \
	X(INT, int32_t, "int", 1)                \
	X(UINT, uint32_t, "unsigned int", 0)     \
	X(ULONG, uint64_t, "unsigned long", 0)   \
	X(NAME, uint64_t, "const char *", 0)     \
	X(USHORT, uint16_t, "unsigned short", 0) \
	X(UCHAR, uint8_t, "unsigned char", 0)

#define X(type, c_type, text, is_signed) typedef c_type trace_type_##type;
TRACE_TYPES(X)
#undef X

enum trace_id {
	TRACE_PADDING, /* the rest of the ring up to its end */
#define EVENT(number, name, group, format, arguments) TRACE_##name = (number),
	TRACE_EVENTS(EVENT)
#undef EVENT
	TRACE_ID_END
};

#define FIELD(E, type, name) trace_type_##type name;
#define EVENT(number, name, group, format, arguments) \
	struct trace_##name {                         \
		FIELDS_##name(FIELD, name)            \
	};                                            \
	_Static_assert(sizeof(struct trace_##name) % 8 == 0, #name);
TRACE_EVENTS(EVENT)
#undef EVENT
#undef FIELD

/* Bit of an event in a set of events. */
#define TRACE_BIT(id) (UINT64_C(1) << (id))
_Static_assert(TRACE_ID_END <= 64, "a set of events is one word");

/* Where an emulated register access went: TRACE_PLACES. */
enum trace_place {
	TRACE_PLACE_UNDEFINED,
	TRACE_PLACE_PAGE,
	TRACE_PLACE_FILE,
	TRACE_PLACE_HARDWARE,
	TRACE_PLACE_ID,
	TRACE_PLACE_COMPUTED,
	TRACE_PLACE_TIMER,
	TRACE_PLACE_INTERRUPT,
	TRACE_PLACE_TLBI,
	TRACE_PLACE_AT,
};

/* Values of NAME fields: registers by encoding, then these. */
#define TRACE_STRING_REASON UINT64_C(0x100000)
#define TRACE_STRING_CONTROL UINT64_C(0x200000)

#endif
