package org.slipway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * One YAML file read as far as its syntax goes: UTF-8, YAML 1.2, one document, a mapping at the top. Nothing is made of
 * its tags, and an alias is followed only where a value of that form is expected, so a file costs what its length says.
 */
final class YamlFile {
  /** A job file is read by people; one that is larger was not written as one. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int MOST_ALIASES = 100;

  private YamlFile() {}

  /** The mapping at the top, or nothing and a mistake. */
  static Optional<Section> read(Path file, Mistakes mistakes) {
    return text(file, mistakes)
        .flatMap(text -> root(text, mistakes))
        .flatMap(root -> mapping(root, mistakes));
  }

  private static Optional<String> text(Path file, Mistakes mistakes) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (AccessDeniedException e) {
      mistakes.add("this file cannot be read: permission denied");
      return Optional.empty();
    } catch (IOException e) {
      mistakes.add("this file cannot be read: " + e.getMessage());
      return Optional.empty();
    }
    if (bytes.length > MOST_BYTES) {
      mistakes.add("this file is larger than 1 MiB, which is more than a person writes");
      return Optional.empty();
    }
    return decoded(bytes, mistakes);
  }

  private static Optional<String> decoded(byte[] bytes, Mistakes mistakes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      atEndOf(
          text,
          mistakes,
          String.format(
              "found the byte 0x%02X, which is not UTF-8; save the file as UTF-8",
              bytes[in.position()] & 0xFF));
      return Optional.empty();
    }
    return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
  }

  private static Optional<Node> root(String text, Mistakes mistakes) {
    LoadSettings settings = LoadSettings.builder()
        .setUseMarks(true)
        .setAllowNonScalarKeys(true)
        .setMaxAliasesForCollections(MOST_ALIASES)
        .setCodePointLimit(MOST_BYTES + 1)
        .build();
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        mistakes.add(1, 1, "the file is empty; expected settings such as \"key: value\"");
      }
      return root;
    } catch (MarkedYamlEngineException e) {
      broken(e, mistakes);
    } catch (ReaderException e) {
      atEndOf(
          text.substring(0, text.offsetByCodePoints(0, e.getPosition())),
          mistakes,
          String.format("found the character U+%04X, which YAML does not allow", e.getCodePoint()));
    } catch (YamlEngineException e) {
      mistakes.add("this is not usable YAML: " + e.getMessage());
    } catch (StackOverflowError e) {
      mistakes.add("this is not usable YAML: brackets are nested too deeply");
    }
    return Optional.empty();
  }

  private static void broken(MarkedYamlEngineException e, Mistakes mistakes) {
    String context = e.getContext() == null ? "" : e.getContext() + ", ";
    String message = "this is not YAML: " + context + e.getProblem();
    e.getProblemMark()
        .or(e::getContextMark)
        .ifPresentOrElse(
            mark -> mistakes.add(mark.getLine() + 1, mark.getColumn() + 1, message),
            () -> mistakes.add(message));
  }

  private static Optional<Section> mapping(Node root, Mistakes mistakes) {
    if (root instanceof MappingNode mapping) {
      return Optional.of(new Section(mapping, "", mistakes));
    }
    mistakes.add(root, "expected settings such as \"key: value\" at the top of the file");
    return Optional.empty();
  }

  private static void atEndOf(String text, Mistakes mistakes, String message) {
    int start = text.lastIndexOf('\n') + 1;
    int line = 1 + (int) text.chars().filter(each -> each == '\n').count();
    mistakes.add(line, 1 + text.codePointCount(start, text.length()), message);
  }
}
