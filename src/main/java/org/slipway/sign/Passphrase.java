package org.slipway.sign;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a key's passphrase is found: in a file's first line, or in a variable of the environment. It
 * is never an argument of a command, which every user of a host can read. Only this room gets to see
 * it, at the moment a key is opened.
 */
public final class Passphrase {
  private static final int MOST_BYTES = 1024;
  private static final Passphrase NONE = new Passphrase(null, null, name -> "");

  private final @Nullable Path file;
  private final @Nullable String variable;
  private final UnaryOperator<@Nullable String> environment;

  private Passphrase(
      @Nullable Path file, @Nullable String variable, UnaryOperator<@Nullable String> environment) {
    this.file = file;
    this.variable = variable;
    this.environment = environment;
  }

  /** There is none: the key is not encrypted. */
  public static Passphrase none() {
    return NONE;
  }

  /** The first line of a file that only its owner may read. */
  public static Passphrase file(Path file) {
    return new Passphrase(file, null, name -> "");
  }

  /** An environment variable of this process. */
  public static Passphrase environment(String variable) {
    return environment(variable, System::getenv);
  }

  static Passphrase environment(String variable, UnaryOperator<@Nullable String> environment) {
    return new Passphrase(null, variable, environment);
  }

  boolean isNone() {
    return file == null && variable == null;
  }

  /** To be wiped by the caller. */
  char[] read() throws IOException {
    if (file != null) {
      return read(file);
    }
    String value = variable == null ? null : environment.apply(variable);
    if (value == null || value.isEmpty()) {
      throw new KeyFileException("there is no passphrase in the environment variable " + variable);
    }
    return value.toCharArray();
  }

  /** Says where it is, never what. */
  @Override
  public String toString() {
    if (file != null) {
      return "the passphrase in " + file;
    }
    return variable == null ? "no passphrase" : "the passphrase in $" + variable;
  }

  private static char[] read(Path file) throws IOException {
    byte[] bytes = new byte[0];
    try {
      KeyPairFile.requireOwn("the passphrase file ", file);
      bytes = KeyPairFile.secret(file, MOST_BYTES + 1);
      int end = 0;
      while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
        end++;
      }
      if (end == 0 || end > MOST_BYTES) {
        throw new KeyFileException("the first line of the passphrase file " + file
            + (end == 0 ? " is empty" : " is longer than " + MOST_BYTES + " bytes"));
      }
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, end));
      char[] passphrase = new char[text.remaining()];
      text.get(passphrase);
      Arrays.fill(text.array(), '\0');
      return passphrase;
    } catch (NoSuchFileException e) {
      throw new KeyFileException("there is no passphrase file " + file);
    } catch (AccessDeniedException e) {
      throw new KeyFileException("the passphrase file " + file + " is not readable");
    } catch (CharacterCodingException e) {
      throw new KeyFileException("the passphrase file " + file + " is not in UTF-8");
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
