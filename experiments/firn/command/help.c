/*
 * What does each command do, and what does a call of it look like?
 */
#include <stdio.h>
#include <string.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/tool/complain.h"

static const char overview[] =
	"firn: nested virtualization on AArch64, with every trap counted\n"
	"\n"
	"  firn run         boot a guest hypervisor under firn, console on this terminal\n"
	"  firn stat        traps and instructions per operation, nv beside nv2\n"
	"  firn experiment  many measurements that a file defines, with plots and a report\n"
	"  firn record      a machine runs, and everything that L0 did goes into a trace.dat file\n"
	"  firn report      where the traps of a recording come from; exports for other tools\n"
	"  firn view        a page to walk through a recording with, step by step\n"
	"  firn diff        what one recording has that another has not, trap by trap\n"
	"  firn whatif      the traps that would remain if the machine deferred other registers\n"
	"  firn replay      recorded exits decided again, natively, and compared\n"
	"  firn lesson      exercises that change L1, and check themselves\n"
	"  firn list        the guests, modes, CPUs and workloads there are\n"
	"  firn doctor      what is missing on this machine, and the command that installs it\n"
	"  firn version     which firn it is, of which QEMU and image of L0\n"
	"  firn help CMD    all about one command, with an example\n";

static const char run_help[] =
	"firn run [--guest NAME] [--mode nv|nv2] [--cpu NAME] [--smp N] [--cpus N] [--vms N]\n"
	"         [--e2h 0|1] [--virtual-time KIND] [--mem SIZE] [--exec CMD] [--append ARGS]\n"
	"         [--kernel FILE] [--initrd FILE] [--add FILE[:PATH]] [--with-qemu]\n"
	"         [--root FILE] [--disk FILE[,ro]] [--net user[,forward=tcp:HOST:GUEST]]\n"
	"         [--share DIR[:TAG]] [--rng]\n"
	"         [--resets N] [--module FILE[,compatible=WORD][,bootargs=TEXT]] [--gdb PORT] [--verbose]\n"
	"\n"
	"Boots a guest hypervisor under firn in QEMU.  Its console is this terminal; Ctrl-A x ends it.\n"
	"\n"
	"  --guest NAME   which guest hypervisor (linux; 'firn list' shows all)\n"
	"  --mode MODE    nv: Armv8.3, nv2: Armv8.4 (nv2)\n"
	"  --cpu NAME     the CPU that QEMU emulates (max)\n"
	"  --e2h 0|1      fix HCR_EL2.E2H: 0 hides FEAT_VHE, 1 FEAT_E2H0 (the guest chooses)\n"
	"  --smp N        vCPUs of the guest hypervisor, 1 to 8 (1)\n"
	"  --cpus N       CPUs of the machine, 1 to 8 (as --smp); if there are more vCPUs, they share\n"
	"  --vms N        as many VMs, all alike, 1 to 8 (1); each line of another than the first begins\n"
	"                 with its name\n"
	"  --virtual-time KIND\n"
	"                 wall-clock, or running: a VM's counters stop while another one has its CPU\n"
	"                 (wall-clock)\n"
	"  --mem SIZE     its memory, like 512M or 2G (1G)\n"
	"  --exec CMD     run CMD in its shell, print what CMD prints, exit with CMD's status\n"
	"  --append ARGS  more words for its kernel command line; with --kernel or --initrd, all of them\n"
	"  --kernel FILE  another kernel: an uncompressed arm64 Image\n"
	"  --initrd FILE  another initramfs; '' for none\n"
	"  --add FILE[:PATH]\n"
	"                 a file or folder into the initramfs, as PATH (programs to /bin with the libraries\n"
	"                 they need, others to /); as often as you like\n"
	"  --with-qemu    QEMU for arm64 in its PATH: another VMM for an L2\n"
	"  --root FILE    a disk with a root file system, where the shell and CMD run; it is written to\n"
	"                 (guest debian: its own, which is only read; what is written is in memory)\n"
	"  --disk FILE[,ro]\n"
	"                 a virtio disk, whose content is FILE; it is written to, but for ',ro'\n"
	"  --net user[,forward=tcp:HOST:GUEST]\n"
	"                 a virtio network card at QEMU's user network; a port HOST of this machine, on\n"
	"                 loopback, is port GUEST of L1 (udp as well, and several)\n"
	"  --share DIR[:TAG]\n"
	"                 a folder of this machine, which L1 mounts by 9p with that tag (share)\n"
	"  --rng          random numbers of this machine\n"
	"                 Of these five a VM has up to 4, each a PCI function of its own behind an SMMU; with\n"
	"                 --vms, ',vm=N' at the end says whose it is (0), and --rng is for each VM\n"
	"  --module FILE[,compatible=WORD][,bootargs=TEXT]\n"
	"                 a file into L1's RAM, with a node multiboot,module below its /chosen: what another\n"
	"                 hypervisor boots, with compatible=multiboot,kernel or multiboot,ramdisk; up to 8\n"
	"  --resets N     L1 may be reset, but the Nth time within ten seconds is its end, with status 1\n"
	"                 (3; with --exec 1; 0: it may be reset for ever)\n"
	"  --gdb PORT     the machine waits until gdb is at that port; how to start it is on stderr\n"
	"  --verbose      show QEMU's command line and, with --exec, the whole console on stderr\n"
	"\n"
	"In the shell of a Linux guest, kvm-guest boots an L2 Linux.\n"
	"FIRN_QEMU in the environment may name another qemu-system-aarch64.\n"
	"\n"
	"Example: firn run --guest linux --mode nv --exec 'dmesg | grep kvm'\n";

static const char stat_help[] =
	"firn stat [--guest NAME[,NAME]] [--mode nv,nv2] [--workload NAME[,NAME]] [--iterations N1,N2]\n"
	"          [--cpu NAME] [--smp N] [--vms N] [--disk] [--s2] [--outside] [--profile]\n"
	"          [--json FILE] [--csv FILE] [--jobs N] [--patience SECONDS] [--verbose]\n"
	"\n"
	"Measures what one operation of an L2 costs: how many traps, for which reasons, and how many\n"
	"instructions in L0, L1 and L2.  L2 does the operation N1 and then N2 times; the difference of the\n"
	"two, divided by N2 - N1, has no start-up noise in it.  The machine's clock counts instructions\n"
	"(QEMU's -icount), so every run gives the same numbers, but for those that read a disk, which is as\n"
	"fast as this machine.\n"
	"\n"
	"  --guest NAME        guest hypervisors (linux; 'firn list' shows all)\n"
	"  --mode MODE         nv, nv2 or both (nv,nv2); kvm: Linux 7.3's KVM is L0 in the place of firn, bare: no L0,\n"
	"                      the guest hypervisor has the machine; both are counted as --outside does\n"
	"  --workload NAME     operations (hypercall; 'firn list' shows all)\n"
	"  --iterations N1,N2  the two numbers, N1 (may be 0) less than N2 (1000,2000; fewer for slow ones)\n"
	"  --cpu NAME          the CPU that QEMU emulates (max)\n"
	"  --smp N             CPUs of the guest hypervisor, 1 to 8 (1, or what the workload needs); the traps of\n"
	"                      all are counted\n"
	"  --vms N             VMs that share a CPU and all do the same, 1 to 8 (1; vm_switch: 2)\n"
	"  --disk              L1 has a disk behind the SMMU, which a workload without one does not touch\n"
	"  --s2                show what the shadow stage 2 did: leaves by size, faults by cause,\n"
	"                      what was filled ahead of one, invalidations by kind, evictions, bytes of tables\n"
	"  --outside           count by a plugin of QEMU in place of L0, and name the traps of one operation (JSON)\n"
	"  --profile           that, and where firn's instructions go, by function and by purpose (JSON)\n"
	"  --json FILE         write the numbers to FILE too; - is stdout, in place of the table\n"
	"  --csv FILE          the same, a row for each measurement\n"
	"  --jobs N            so many machines at a time (1); the numbers are the same\n"
	"  --patience SECONDS  how long the guest may say nothing before it counts as hung (900; 0: for ever)\n"
	"  --verbose           show QEMU's command line and the console on stderr\n"
	"\n"
	"Example: firn stat --guest small-vhe --mode nv,nv2 --workload hypercall,timer\n";

static const char experiment_help[] =
	"firn experiment list\n"
	"firn experiment run NAME|FILE [--out DIR] [--quick] [--jobs N] [--resume] [--executor local|slurm]\n"
	"firn experiment report DIR\n"
	"firn experiment compare A B [--exact] [--value NAME[,NAME]]\n"
	"\n"
	"Carries out all the measurements of a YAML file and writes a folder: results.jsonl (a line for each\n"
	"run, as soon as it ends), summary.csv, plots, report.md, and report.html, which needs no network.  The\n"
	"report has our numbers beside published ones.\n"
	"\n"
	"  NAME|FILE           one of those that come with firn, or your own file (docs/experiments.md)\n"
	"  --out DIR           the folder (NAME.results here)\n"
	"  --quick             the small set that the file defines; some minutes at most\n"
	"  --jobs N            so many runs at a time (1; slurm: no limit); the results are the same\n"
	"  --resume            go on with what the folder has; runs that failed are tried again\n"
	"  --executor WHERE    local: on this machine; slurm: as job arrays of a Slurm cluster (docs/experiments.md)\n"
	"\n"
	"report writes the report of a folder again, for instance of one that is not complete.  compare lays two\n"
	"folders, or their summary.csv, beside each other; its exit status is 1 if B is worse than A.\n"
	"\n"
	"  --exact             any difference counts\n"
	"  --value NAME        columns to compare (traps and instructions per operation)\n"
	"\n"
	"Example: firn experiment run neve --quick --jobs 2\n";

static const char record_help[] =
	"firn record [--guest NAME] [--mode nv|nv2] [--workload NAME | --exec CMD | --append ARGS] -o FILE\n"
	"            [--iterations N1,N2] [--events NAME[,NAME]] [--whole] [--lossy] [--symbols ELF]\n"
	"            [--tail SPAN] [--until TRIGGER] [--after SPAN] [--ring SIZE]\n"
	"            [--cpu NAME] [--smp N] [--cpus N] [--vms N] [--virtual-time KIND] [--mem SIZE]\n"
	"            [--disk FILE[,ro]] [--net user[,forward=tcp:HOST:GUEST]] [--share DIR[:TAG]] [--rng]\n"
	"            [--add FILE[:PATH]] [--with-qemu] [--kernel FILE] [--initrd FILE]\n"
	"            [--patience SECONDS] [--verbose]\n"
	"\n"
	"Runs a machine and writes everything that L0 did to a trace.dat file: each trap with its level,\n"
	"syndrome, cause and cost, what was emulated or forwarded, the shadow stage 2, interrupts, timers and\n"
	"the registers of L1 that changed.  trace-cmd report and KernelShark open it; so does firn report.\n"
	"Interrupted (Ctrl-C), it writes what there is.  Time is counted in instructions (QEMU's -icount), so\n"
	"two recordings of the same are identical, but for those of a disk or a network, which are as fast as this\n"
	"machine. With one CPU, whatever --smp and --vms are, a recording is the run that firn stat measures; with\n"
	"several, L1's time has in it what recording takes.\n"
	"With --exec the exit status is the command's, and how much there is so far is shown on stderr: on a\n"
	"terminal in one line that changes, else once a minute.\n"
	"\n"
	"  -o FILE             the file to write\n"
	"  --workload NAME     an operation of L2 (hypercall); only the stretch between its marks is kept, of\n"
	"                      several VMs those of the first\n"
	"  --iterations N1,N2  how often L2 does it (10,20; fewer for slow ones); two, for the cost of one\n"
	"  --whole             keep also what was before and after, L1's boot for instance\n"
	"  --exec CMD          instead, run CMD in a Linux guest's shell\n"
	"  --append ARGS       instead, give L1 more words on its command line and do nothing else\n"
	"  --events NAME       groups (trap, sysreg, shadow, gic, timer, vncr, stack, all) or single events; the\n"
	"                      usual ones are all but stack, which adds L1's call stack at each trap\n"
	"  --tail SPAN         keep only the end, of a long run: the last 64M (K, M, G; at least 64K) or the last 10s\n"
	"                      (s, ms, us) of the machine's time; firn needs no more disk than that while it runs\n"
	"  --until TRIGGER     end when that happens, else with exit status 1:\n"
	"                        trap:NAME[,NAME]  a trap that has all names, of its reason or its level as report\n"
	"                                          --count has them: trap:vEL2,SYSREG:HCR_EL2:W\n"
	"                        console:WORDS     these words in one line of L1's console\n"
	"                        panic             L1's Linux panics\n"
	"                      A reset of L1 and the machine's end are its end in any case\n"
	"  --after SPAN        go on for so much behind that; without it the trigger's step is the last\n"
	"  --ring SIZE         memory in which events wait for firn (64M, at most 4G). With one CPU L0 waits while it is\n"
	"                      full, which L1 does not see; with several, events are lost then\n"
	"  --lossy             accept that events are lost when they come too fast\n"
	"  --symbols ELF       L1's symbols; those of Linux and of firn's own guests are found without it\n"
	"  --patience SECONDS  how long a workload may say nothing before it counts as hung (900; 0: for ever)\n"
	"\n"
	"The other options are those of firn run.\n"
	"\n"
	"Example: firn record --guest linux --mode nv --events all -o nv.dat\n"
	"Example: firn record --exec 'kvm-guest' --tail 16M --until panic -o end.dat\n";

static const char report_help[] =
	"firn report FILE [--by reason,function,control,level,vcpu,cost] [--limit N]\n"
	"firn report FILE --count NAME[,NAME]\n"
	"firn report FILE --timeline N\n"
	"firn report FILE --export csv|chrome|folded|perf -o FILE\n"
	"firn report FILE --stacks -o FILE.svg\n"
	"\n"
	"Ranks the traps of a recording: by reason, by the function of L1 that trapped, by the control that\n"
	"asked for the trap; with --by cost by what they cost in L0 in place of their number.  Of a workload\n"
	"it says also what one operation has of each, those of all VMs together.\n"
	"\n"
	"  --by WHAT        rankings to show (reason,function,control)\n"
	"  --limit N        rows of each (20)\n"
	"  --count NAME     only how many traps have this name, or all of these names: a reason or its first\n"
	"                   part (SYSREG), a level (or L2), a function, a control as the ranking has it, a VM (VM 1)\n"
	"                   or one vCPU of it (VM 1 vCPU 0); or all\n"
	"  --timeline N     JSON: traps in each of N equal stretches of time, by reason and by function, before a\n"
	"                   workload's marks and between them; a time without a trap counts as 10 ms at most, since\n"
	"                   what is longer is a wait (docs/traces.md)\n"
	"  --export FORMAT  write it for another tool: csv has a line for each trap; chrome is for Perfetto and\n"
	"                   chrome://tracing; folded for flame graph programs; perf for perf report and perf\n"
	"                   script (its symbols go to FILE.l1.elf)\n"
	"  --stacks         write a flame graph of L1's call stacks (recorded with --events all)\n"
	"\n"
	"Example: firn report nv.dat --by function,cost\n";

static const char view_help[] =
	"firn view FILE -o PAGE.html [--with FILE2] [--symbols ELF]\n"
	"\n"
	"Makes a page to walk through a recording with: L2, L1 and L0 in time, each trap decoded in words, the\n"
	"registers that changed, HCR_EL2 bit by bit, counts so far, search and filters.  The page is one file\n"
	"that needs nothing else and no network.\n"
	"\n"
	"  --with FILE2   a second recording beside it, kept in step operation by operation\n"
	"  --symbols ELF  L1's program with its debug information: each step of L1 shows its instruction and\n"
	"                 line of source\n"
	"\n"
	"Example: firn view nv.dat --with nv2.dat -o page.html\n";

static const char diff_help[] =
	"firn diff A B\n"
	"\n"
	"Lays one operation of recording A beside one of B, trap by trap: what vanished (-), what appeared (+),\n"
	"what got dearer; then the counts per operation over all.  Both are recordings of a workload: nv against\n"
	"nv2, one kernel against another, one version of firn against another.\n"
	"An operation begins with an exit of L2.  Where one of the two has none, all that is between two marks is\n"
	"laid side by side.\n"
	"\n"
	"Example: firn diff nv.dat nv2.dat\n";

static const char whatif_help[] =
	"firn whatif FILE [--redirect SET[,SET]] [--ablate] [--json FILE]\n"
	"\n"
	"Which traps of a recording in nv mode would remain on a machine that defers these registers, or that\n"
	"gives L2 the interrupts of its devices itself (gicv4, of a recording in either mode)?\n"
	"\n"
	"  --redirect SET  nv2 (the default): FEAT_NV2; neve: as published at SOSP 2017; nv2p1, nv3: its\n"
	"                  successors as Linux uses them; or registers by name, :R or :W for one way only;\n"
	"                  gicv4: what an interrupt of an assigned device takes on its way through L1 to L2\n"
	"  --ablate        also what each group of registers contributes\n"
	"  --json FILE     write the numbers to FILE too; - is stdout, in place of the tables\n"
	"\n"
	"Example: firn whatif nv.dat --redirect VTTBR_EL2,VTCR_EL2,TPIDR_EL2:R\n";

static const char replay_help[] =
	"firn replay FILE\n"
	"\n"
	"Gives each recorded exit to the decision code of this firn, without a machine, and compares its\n"
	"verdicts, the values of emulated registers, exceptions and returns with what was recorded.  Exit\n"
	"status 1 if something differs.\n"
	"\n"
	"Example: firn replay nv2.dat\n";

static const char lesson_help[] =
	"firn lesson\n"
	"firn lesson check N\n"
	"\n"
	"Lists the exercises of docs/lessons that change a line of L1, or checks that of lesson N: builds the\n"
	"program of the lessons (guest-hyp/lesson) in this folder, records it, and says whether its traps are now\n"
	"what they should be.  Exit status 1 if they are not yet.\n"
	"\n"
	"Example: firn lesson check 8\n";

static const char list_help[] =
	"firn list\n"
	"\n"
	"Shows the guests (and whether their files are there), modes, CPUs and workloads.\n"
	"\n"
	"Example: firn list\n";

static const char doctor_help[] =
	"firn doctor\n"
	"\n"
	"Checks that this machine has what firn needs, and shows for each missing tool the version that is\n"
	"needed and the command that installs it.  Exit status 1 if something is missing.\n"
	"\n"
	"Example: firn doctor\n";

static const char version_help[] =
	"firn version\n"
	"\n"
	"Shows the commit that firn was built from (with -dirty where files were changed), the version of the\n"
	"QEMU that it would run and the SHA-256 of its image of L0, as the results of firn stat have them.\n"
	"What is not there has no line.  'firn --version' is the same.\n"
	"\n"
	"Example: firn version\n";

static const char help_help[] = "firn help [CMD]\n"
				"\n"
				"Explains a command, or lists all.\n"
				"\n"
				"Example: firn help stat\n";

/* In no order: the overview has the one for readers. */
static const struct {
	const char *name, *text;
} pages[] = {
	{ "view", view_help },
	{ "diff", diff_help },
	{ "whatif", whatif_help },
	{ "replay", replay_help },
	{ "record", record_help },
	{ "report", report_help },
	{ "experiment", experiment_help },
	{ "run", run_help },
	{ "stat", stat_help },
	{ "lesson", lesson_help },
	{ "list", list_help },
	{ "doctor", doctor_help },
	{ "version", version_help },
	{ "help", help_help },
};

int command_help(int argc, char **argv)
{
	if (argc == 0) {
		fputs(overview, stdout);
		return 0;
	}
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strcmp(pages[i].name, argv[0]) == 0) {
			fputs(pages[i].text, stdout);
			return 0;
		}
	return complain(
		STATUS_USAGE,
		"no help on '%s'; choose one of: run, stat, experiment, record, report, view, diff, whatif, replay, lesson, list, doctor, version, help",
		argv[0]);
}
