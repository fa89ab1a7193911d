package org.slipway.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.packages.Abi;

/**
 * The kit's presets.mk: what a target answers to the questions that a ports framework would
 * otherwise put to the machine it runs on. A pure function of the target, so that evaluations do
 * not hang on the host.
 */
final class Presets {
  /**
   * clang of FreeBSD's base by release; between two releases the lower one's holds. From the
   * release notes of 13.2, 13.5, 14.1, 14.3 and 15.0, and else from what was merged into the branch
   * before it (Porter's Handbook, chapter "__FreeBSD_version Values"); 14.2's from what its
   * compiler says of itself. 13.4's patch level was found nowhere: 18.1.3 was merged before it,
   * 18.1.6 is supposed.
   */
  private static final TreeMap<Integer, String> CLANG = new TreeMap<>(Map.of(
      1300, "11.0.1",
      1301, "13.0.0",
      1302, "14.0.5",
      1303, "17.0.6",
      1304, "18.1.6",
      1305, "19.1.7",
      1400, "16.0.6",
      1401, "18.1.5",
      1402, "18.1.6",
      1403, "19.1.7"));

  /**
   * __FreeBSD_version of releases whose branch had counted on when they came out: .0 releases keep
   * counting from -CURRENT (sys/sys/param.h of releng/13.0 and releng/15.0, Porter's Handbook for
   * 14.0), others after a change of kernel interfaces in a beta (1303001 for 13.3-BETA3: Porter's
   * Handbook; 13.2's is commonly known and was found in no source). All others are MMmm000.
   */
  private static final Map<Integer, Integer> OSVERSIONS = Map.of(
      1300, 1_300_139,
      1302, 1_302_001,
      1303, 1_303_001,
      1400, 1_400_097,
      1500, 1_500_068);

  private final Target target;
  private final StringBuilder text = new StringBuilder();

  private Presets(Target target) {
    this.target = target;
  }

  static String text(Target target) {
    if (target.abi().arch().equals("*")) {
      throw new IllegalArgumentException(
          target.abi() + " cannot be a target; name the processor instead of *");
    }
    return new Presets(target).write();
  }

  /** What {@code OSVERSION} is for a release of FreeBSD. */
  static int osVersion(Target target) {
    return Release.of(target).freeBsdVersion();
  }

  private String write() {
    Abi abi = target.abi();
    boolean freeBsd = abi.os().equals("FreeBSD");
    Release release = Release.of(target);
    text.append("# What the target is, for ").append(abi).append(".\n");

    because("The system and its release; else asked of uname, which knows only the running host.");
    set("OPSYS", abi.os());
    set("OSREL", release.toString());
    set("_OSRELEASE", freeBsd ? release + "-RELEASE" : release.toString());
    set("ARCH", abi.arch());
    because(
        "The release as a number; else read from the host's sys/param.h. Its major part must agree",
        "with OSREL, or FreeBSD's framework stops.");
    set("OSVERSION", String.valueOf(freeBsd ? release.freeBsdVersion() : release.osVersion()));

    because("The layout of a jail.");
    setDefault("PORTSDIR", Evaluator.TREE);
    setDefault("WRKDIRPREFIX", "/wrkdirs");
    setDefault("DISTDIR", "/distfiles");
    setDefault("PACKAGES", "/packages");

    because(
        "Root's, whoever builds: what a port records must not change with the build user. Older",
        "makes do not know .MAKE.UID, and frameworks would ask id.");
    set("UID", "0");
    set("GID", "0");
    because(
        "The host's cores, else asked of nproc or sysctl. Relatives of FreeBSD's framework ask",
        "where no number of jobs is given; a build gives its own.");
    set("_SMP_CPUS", "1");
    setDefault("MAKE_JOBS_NUMBER", "1");
    because(
        "The longest command line that configure scripts may use; else sysctl kern.argmax, and it",
        "shows in CONFIGURE_ENV.");
    set("CONFIGURE_MAX_CMD_LEN", "524288");
    if (abi.arch().equals("amd64")) {
      because("Whether the kernel runs 32-bit programs; else asked of sysctl.");
      set("HAVE_COMPAT_IA32_KERN", "YES");
    }

    if (abi.arch().startsWith("powerpc64")) {
      because(
          "The calling convention; else asked of the compiler. All FreeBSD since 13 has this one.");
      set("PPC_ABI", "ELFv2");
    }

    because(
        "No questions, and no calls of an installed pkg or perl to ask for their versions. FLAVORS",
        "that ports keep for package builders are offered.");
    set("BATCH", "yes");
    set("PACKAGE_BUILDING", "yes");
    set("PACKAGE_BUILDING_FLAVORS", "yes");
    because("No look at an installed pkg's version; what installs packages is the farm's matter.");
    set("_PKG_CHECKED", "1");
    if (ForeignBase.is(target)) {
      because(
          "A base of another system has a pkg of the farm's own in each jail, so ports do not",
          "depend on ports-mgmt/pkg: built there, it would be another system's program.");
      set("PKG_DEPENDS", "");
    }
    because("No options files of the host; a job's options are in make.conf.");
    set("PORT_DBDIR", "/nonexistent");
    because("Where python is; else ports ask an installed one.");
    set("PYTHONBASE", "/usr/local");
    if (freeBsd) {
      compiler(release);
    }
    return text.toString();
  }

  /**
   * The compiler's name is part of the variables' names: the framework keeps answers by the hash of
   * the text of CC.
   */
  private void compiler(Release release) {
    var clang = CLANG.floorEntry(release.major() * 100 + release.minor());
    String version = clang == null ? CLANG.firstEntry().getValue() : clang.getValue();
    because(
        "What the base's compiler says of itself, so that it is not started up to 21 times a port,",
        "and answers hold for the target. An empty CC_OUTPUT: it takes that standard.");
    String says = "FreeBSD clang version " + version;
    set("_CCVERSION_${CC:hash}", says);
    set("_OBJC_CCVERSION_${CC:hash}", says);
    set("_ALTCCVERSION_${CC:hash}", "");
    set("_OBJC_ALTCCVERSION_${CC:hash}", "");
    set("_CXXINTERNAL_${CXX:hash}", "\"-lc++\" \"-lm\"");
    text.append(".for _std in c89 c99 c11 c17 gnu89 gnu99 gnu11 gnu17 \\\n")
        .append("\tc++98 c++0x c++11 c++14 c++17 c++20 c++23 c++2b \\\n")
        .append("\tgnu++98 gnu++11 gnu++14 gnu++17 gnu++20 gnu++23 gnu++2b\n");
    set("CC_OUTPUT_${CC:hash}_${_std:hash}", "");
    text.append(".endfor\n");
  }

  private void because(String... lines) {
    text.append('\n');
    for (String line : lines) {
      text.append("# ").append(line).append('\n');
    }
  }

  private void set(String name, String value) {
    text.append(name).append(value.isEmpty() ? "=" : "=\t").append(value).append('\n');
  }

  private void setDefault(String name, String value) {
    text.append(name).append("?=\t").append(value).append('\n');
  }

  /**
   * A system's release as two numbers. An ABI of FreeBSD holds the first only; the base's words may
   * hold both.
   */
  record Release(int major, int minor) {
    private static final Pattern NUMBERS =
        Pattern.compile("(?<![0-9.])(\\d{1,3})\\.(\\d{1,2})(?![0-9.])");

    static Release of(Target target) {
      String[] parts = target.abi().version().split("\\.", -1);
      int major = Integer.parseInt(parts[0]);
      if (parts.length > 1) {
        return new Release(major, Integer.parseInt(parts[1]));
      }
      List<Integer> minors = new ArrayList<>();
      Matcher matcher = NUMBERS.matcher(target.baseName());
      while (matcher.find()) {
        if (Integer.parseInt(matcher.group(1)) == major) {
          minors.add(Integer.valueOf(matcher.group(2)));
        }
      }
      return new Release(major, minors.isEmpty() ? 0 : minors.get(0));
    }

    /** The scheme, MMmm000. */
    int osVersion() {
      return major * 100_000 + minor * 1_000;
    }

    int freeBsdVersion() {
      return OSVERSIONS.getOrDefault(major * 100 + minor, osVersion());
    }

    @Override
    public String toString() {
      return major + "." + minor;
    }
  }
}
