package org.slipway.trial;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;

/**
 * A build's log on its way into a file: the last lines of the phase that runs are remembered, and
 * those with which the phases that test complain. Safe for several threads.
 */
final class TrialLog extends OutputStream {
  private static final int TAIL_LINES = 30;
  private static final int LINE_BYTES = 2000;
  private static final int MOST_FINDINGS = 200;

  /**
   * How the framework's scripts complain: stage-qa and check-plist say Error and Warning.
   */
  private static final Pattern COMPLAINT =
      Pattern.compile("(?i)^[=>\\s]*(error|warning|missing|orphaned|left ?over)\\b.*");

  /** How a build names paths that came, went or changed where they must not, at a phase's end. */
  private static final Pattern PATH = Pattern.compile("^[-+M] /.*");

  /** ECMA-48: CSI sequences, OSC strings, and two-character escapes. */
  private static final Pattern ESCAPES = Pattern.compile(
      "\u001b\\[[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(\u0007|\u001b\\\\)|\u001b[ -~]");

  private final Path file;
  private final OutputStream out;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Deque<String> tail = new ArrayDeque<>();
  private final List<TrialReport.Finding> findings = new ArrayList<>();
  private final List<TrialReport.Finding> paths = new ArrayList<>();
  private int omitted;
  private Phase phase = Phase.CHECK_SANITY;

  /** Begins a log anew. */
  TrialLog(Path file) throws IOException {
    this.file = file;
    Files.createDirectories(file.resolveSibling("."));
    this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
  }

  /** What comes from now on is of this phase. */
  synchronized void phase(Phase begun) {
    endLine();
    tail.clear();
    paths.clear();
    phase = begun;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == '\n') {
        endLine();
      } else if (line.size() < LINE_BYTES) {
        line.write(bytes[at]);
      }
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }

  /** What was said so far. */
  synchronized TrialReport report() {
    endLine();
    return new TrialReport(file, List.copyOf(tail), findings, omitted);
  }

  /** The same after a build that failed like this. */
  synchronized TrialReport report(FailureClass failure) {
    endLine();
    if (failure == FailureClass.FS_VIOLATION || failure == FailureClass.LEFTOVER) {
      paths.forEach(this::add);
      paths.clear();
    }
    return report();
  }

  private void add(TrialReport.Finding finding) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(finding);
    } else {
      omitted++;
    }
  }

  private void endLine() {
    if (line.size() == 0) {
      return;
    }
    String text = printable(line.toString(StandardCharsets.UTF_8));
    line.reset();
    if (text.isBlank()) {
      return;
    }
    if (tail.size() == TAIL_LINES) {
      tail.removeFirst();
    }
    tail.addLast(text);
    // The farm's own headings tell of phases and not of the port.
    if (text.startsWith("===>  ")) {
      return;
    }
    TrialReport.Finding finding = new TrialReport.Finding(phase, text.strip());
    if (!PATH.matcher(text).matches()) {
      paths.clear();
    } else if (paths.size() < MOST_FINDINGS) {
      paths.add(finding);
    }
    if (phase.ofTest() && COMPLAINT.matcher(text).matches()) {
      add(finding);
    }
  }

  /** A line that moves no cursor: what a carriage return wrote over is gone, tabs are blanks. */
  static String printable(String text) {
    String seen = ESCAPES.matcher(text).replaceAll("").stripTrailing();
    seen = seen.substring(seen.lastIndexOf('\r') + 1);
    StringBuilder clean = new StringBuilder();
    seen.codePoints().forEach(point -> {
      int type = Character.getType(point);
      boolean hidden = Character.isISOControl(point)
          || type == Character.FORMAT
          || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR;
      if (point == '\t') {
        clean.append(' ');
      } else {
        clean.appendCodePoint(hidden ? '?' : point);
      }
    });
    return clean.toString();
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
