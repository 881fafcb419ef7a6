/*
 * What do guests and L0 agree on beyond the Arm architecture?  Three optional hypercalls.
 *
 * In a VM whose device tree node has the property "firn,markers", HVC #FIRN_HVC_MARK from any level of that VM is
 * taken by L0 itself: it copies the vCPU's running counts to the next free mark of the ledger (traces/ledger.h) and
 * returns to the instruction after the HVC with every register unchanged.  Without the property the instruction is
 * an ordinary HVC.
 *
 * In the same VMs HVC #FIRN_HVC_LOG reaches the page logs of host/vm/page_log.h, for tests: x0 is one of FIRN_LOG_*, x1 the
 * kind (0 written, 1 accessed), x2 the L1 IPA of the first page, x3 how many (at most 64). x0 becomes the bits of
 * FIRN_LOG_TAKE, or 0; all ones: not possible.
 *
 * Where L1's console is, L1 learns from its device tree; who reads a recording finds here what was written there.
 */
#ifndef NV_ARCH_FIRN_ABI_H
#define NV_ARCH_FIRN_ABI_H

#define FIRN_HVC_MARK 0x4d4b
#define FIRN_HVC_SWITCH 0x4d53
#define FIRN_HVC_LOG 0x4d4c

#define FIRN_LOG_START 0
#define FIRN_LOG_STOP 1
#define FIRN_LOG_TAKE 2

#define FIRN_UART_BASE UINT64_C(0x09000000)

#endif
