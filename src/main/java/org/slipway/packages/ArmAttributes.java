package org.slipway.packages;

import java.nio.ByteBuffer;

/**
 * The build attributes of an ARM binary (Addenda to the ABI for the Arm Architecture, "Build
 * attributes"), of which only the processor's generation is read. The bytes may be hostile: a
 * damaged section counts as none.
 */
final class ArmAttributes {
  private static final int TAG_FILE = 1;
  private static final int TAG_CPU_RAW_NAME = 4;
  private static final int TAG_CPU_NAME = 5;
  private static final int TAG_CPU_ARCH = 6;
  private static final int TAG_COMPATIBILITY = 32;

  private ArmAttributes() {}

  /** Tag_CPU_arch of the whole file; 0 where it is not told. */
  static int architecture(ByteBuffer section) {
    if (section.limit() < 6 || section.get(0) != 'A') {
      return 0;
    }
    int at = 5;
    while (at < section.limit() && section.get(at) != 0) {
      at++;
    }
    at++;
    if (at + 5 > section.limit() || section.get(at) != TAG_FILE) {
      return 0;
    }
    long end = Math.min(section.limit(), at + (section.getInt(at + 1) & 0xffffffffL));
    section.position(at + 5);
    while (section.position() < end) {
      int tag = number(section);
      if (tag == TAG_CPU_ARCH) {
        return number(section);
      }
      skip(section, tag);
    }
    return 0;
  }

  private static void skip(ByteBuffer section, int tag) {
    boolean both = tag == TAG_COMPATIBILITY;
    boolean text =
        tag == TAG_CPU_RAW_NAME || tag == TAG_CPU_NAME || (tag > TAG_COMPATIBILITY && tag % 2 == 1);
    if (both || !text) {
      number(section);
    }
    if (both || text) {
      int end = section.position();
      while (end < section.limit() && section.get(end) != 0) {
        end++;
      }
      section.position(Math.min(end + 1, section.limit()));
    }
  }

  /** A ULEB128; what is past 28 bits is no tag or value of today. */
  private static int number(ByteBuffer section) {
    int value = 0;
    for (int shift = 0; section.hasRemaining() && shift < 28; shift += 7) {
      int b = section.get();
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        break;
      }
    }
    return value;
  }
}
