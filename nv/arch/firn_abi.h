/*
 * What do guests and L0 agree on beyond the Arm architecture?  Two optional hypercalls.
 *
 * In a VM whose device tree node has the property "firn,markers", HVC #FIRN_HVC_MARK from any level of that VM is
 * taken by L0 itself: it copies the vCPU's running counts to the next free mark of the ledger (traces/ledger.h) and
 * returns to the instruction after the HVC with every register unchanged.  Without the property the instruction is
 * an ordinary HVC.
 */
#ifndef NV_ARCH_FIRN_ABI_H
#define NV_ARCH_FIRN_ABI_H

#define FIRN_HVC_MARK 0x4d4b
#define FIRN_HVC_SWITCH 0x4d53

#endif
