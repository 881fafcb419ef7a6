/* What does L0 do with an SMMU that is there and does nothing?  Its registers are memory here: nothing that L0 waits for comes. */
#include <libfdt.h>
#include <string.h>

#include "host/core/its.h"
#include "host/core/smmu.h"
#include "nv/smmu/regs.h"
#include "tests/unit/host/host_test.h"

#define SMMU_PA UINT64_C(0x08800000)
#define FDT_BYTES 0x10000

static volatile uint32_t *smmu_reg(uint64_t offset)
{
	return (volatile uint32_t *)(LINEAR_VA + SMMU_PA + offset);
}

/* SMMU_IDR0, 1 and 5 as firn wants them, and one VM. */
static void prepare(void)
{
	void *fdt = fake_prepare(1, &(struct fake_vm){ .mode = "nv2" }, 1, false);
	fdt64_t reg[] = { cpu_to_fdt64(SMMU_PA), cpu_to_fdt64(SMMU_BYTES) };
	int node;

	fdt_open_into(fdt, fdt, FDT_BYTES);
	node = fdt_add_subnode(fdt, 0, "smmu");
	fdt_setprop_string(fdt, node, "compatible", "arm,smmu-v3");
	fdt_setprop(fdt, node, "reg", reg, sizeof(reg));
	fdt_setprop_u32(fdt, node, "phandle", 77);
	*smmu_reg(SMMU_IDR0) = 1 | 2 << 2 | 1 << 4 | 1 << 27;
	*smmu_reg(SMMU_IDR1) = 16 | 19 << 16 | 19 << 21;
	*smmu_reg(SMMU_IDR5) = 4 | 1 << 4;
}

/* GBPA.UPDATE stays. */
static void is_mute(void)
{
	prepare();
	EXPECT(fake_start(), FAKE_ENTERED);
	EXPECT(strstr(fake_said(),
		      "no device that accesses memory can be assigned: the SMMU does not answer") != NULL,
	       true);
	EXPECT(*smmu_reg(SMMU_GBPA) & GBPA_ABORT, GBPA_ABORT);
	EXPECT(*smmu_reg(SMMU_CR0), 0);
	EXPECT(smmu_why_not(77) != NULL, true);
	EXPECT(smmu_attach(&(struct smmu_device){ .stream = 8 }), false);
}
HOST_TEST(is_mute, "an SMMU that does not answer: no DMA, and the VM runs")

static void has_no_stage2(void)
{
	prepare();
	*smmu_reg(SMMU_IDR0) = 2;
	EXPECT(fake_start(), FAKE_ENTERED);
	EXPECT(strstr(fake_said(), "no device that accesses memory can be assigned: ") != NULL, true);
	EXPECT(smmu_attach(&(struct smmu_device){ .stream = 8 }), false);
}
HOST_TEST(has_no_stage2, "an SMMU without stage 2: no DMA, and the VM runs")

static void is_none(void)
{
	fake_boot(1, &(struct fake_vm){ .mode = "nv2" }, 1);
	EXPECT(strstr(fake_said(), "SMMU") == NULL, true);
	EXPECT(strstr(smmu_why_not(77), "no SMMUv3") != NULL, true);
	EXPECT(smmu_interrupt(106), false);
	EXPECT(its_doorbell().val, 0);
}
HOST_TEST(is_none, "a machine without an SMMU: not a word")
