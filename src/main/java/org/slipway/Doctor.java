package org.slipway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.jail.HostFinding;
import org.slipway.jail.HostFinding.Level;
import org.slipway.jail.HostFindings;
import org.slipway.jail.JailException;
import org.slipway.jail.Jails;

/** Says what this host offers a farm: each tool, what jails need of it, and on Linux which jail really starts here. */
final class Doctor {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Not every host needs them. */
  private static final List<String> OTHER_TOOLS = List.of("runc", "crun", "newuidmap", "proot");

  private final Path program;
  private final Path jails;

  /**
   * @param jails the farm's folder of jails, which need not be there
   */
  Doctor(Path program, Path jails) {
    this.program = program;
    this.jails = jails;
  }

  List<HostFinding> look() throws IOException {
    boolean freeBsd = System.getProperty("os.name", "").equals("FreeBSD");
    List<HostFinding> all = new ArrayList<>();
    all.add(good("java", Runtime.version() + " in " + System.getProperty("java.home")));
    all.add(good("program", program.toString()));
    if (!freeBsd) {
      tools(all);
    }
    all.addAll(HostFindings.gather(jails));
    if (!freeBsd) {
      // Not on FreeBSD, where it would sweep what a running farm uses.
      all.add(tried());
    }
    return all;
  }

  private static void tools(List<HostFinding> all) {
    for (String tool : HostTools.NEEDED) {
      Optional<Path> found = HostTools.find(tool);
      all.add(
          found.isPresent()
              ? good(tool, found.get().toString())
              : new HostFinding(tool, Level.MISSING, "not here", List.of("./slipway setup")));
    }
    for (String tool : OTHER_TOOLS) {
      all.add(good(
          tool,
          HostTools.find(tool).map(Path::toString).orElse("not here; not every host needs it")));
    }
  }

  private static HostFinding tried() throws IOException {
    Path scratch = Files.createTempDirectory("slipway-doctor");
    try (Jails opened = Jails.open(scratch.resolve("jails"), true)) {
      return opened.containment().contains()
          ? good("jails", opened.containment().sentence())
          : new HostFinding("jails", Level.NOTE, opened.containment().sentence(), List.of());
    } catch (JailException e) {
      return new HostFinding("jails", Level.MISSING, String.valueOf(e.getMessage()), List.of());
    } finally {
      DemoFiles.delete(scratch);
    }
  }

  private static HostFinding good(String what, String found) {
    return new HostFinding(what, Level.GOOD, found, List.of());
  }

  /** Whether a farm can build on a host where this was found. */
  static boolean ready(List<HostFinding> findings) {
    return findings.stream().noneMatch(finding -> finding.level() == Level.MISSING);
  }

  /** For people, at 80 columns; only a command or a line of a file, which must stay whole, may be longer. */
  static void print(List<HostFinding> findings, PrintWriter out) {
    for (HostFinding finding : findings) {
      String mark = switch (finding.level()) {
        case GOOD -> "";
        case NOTE -> "note: ";
        case MISSING -> "MISSING: ";
      };
      String start = "%-12s".formatted(finding.what());
      StringBuilder line = new StringBuilder(start);
      String before = start.endsWith(" ") ? "" : " ";
      for (String word : Quoted.printable(mark + finding.found()).split(" ", -1)) {
        if (line.length() + 1 + word.length() > 79 && !line.toString().isBlank()) {
          out.println(line);
          line.setLength(0);
          line.append(" ".repeat(12));
          before = "";
        }
        line.append(before).append(word);
        before = " ";
      }
      out.println(line);
      finding.mend().forEach(each -> out.println(" ".repeat(16) + each));
    }
    out.println();
    long missing =
        findings.stream().filter(each -> each.level() == Level.MISSING).count();
    out.println(
        missing == 0
            ? "A farm can build here."
            : "A farm cannot build here yet: " + missing
                + (missing == 1 ? " thing is" : " things are") + " missing.");
    out.flush();
  }

  /**
   * For programs: one object on one line.
   *
   * <pre>
   * ready     whether a farm can build here
   * findings  a list, in the order of the text, of
   *   what    a word or two
   *   level   "good", "note" or "missing"
   *   found   a sentence
   *   mend    a list of commands or lines
   * </pre>
   */
  static void json(List<HostFinding> findings, PrintWriter out) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      json.writeBooleanField("ready", ready(findings));
      json.writeArrayFieldStart("findings");
      for (HostFinding finding : findings) {
        json.writeStartObject();
        json.writeStringField("what", finding.what());
        json.writeStringField("level", finding.level().name().toLowerCase(java.util.Locale.ROOT));
        json.writeStringField("found", finding.found());
        json.writeArrayFieldStart("mend");
        for (String line : finding.mend()) {
          json.writeString(line);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.println(text);
    out.flush();
  }
}
