package org.slipway.evaluate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.slipway.packages.Flavor;
import org.slipway.packages.Origin;

/**
 * One kept reply as bytes: a CRC-32, then, deflated, the question, the places with what they
 * showed, and the reply. Texts are UTF-8 after their length in bytes, all numbers are big-endian.
 *
 * @param keys of the places, see {@link Place#key()}
 */
record KeptBytes(Question question, List<String> keys, List<String> seen, Reply reply) {
  private static final int CHECK_BYTES = 4;

  /** More of anything is damage, not data. */
  private static final int MOST = 64 << 20;

  /** To make one takes as long as to write a reply. */
  private static final ThreadLocal<Deflater> DEFLATER =
      ThreadLocal.withInitial(() -> new Deflater(Deflater.BEST_SPEED));

  byte[] write() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = DEFLATER.get();
    try (DataOutputStream out =
        new DataOutputStream(new DeflaterOutputStream(bytes, deflater, 4096))) {
      text(out, question.origin().toString());
      text(out, question.flavor().map(Flavor::name).orElse(""));
      text(out, question.folder());
      texts(out, keys);
      texts(out, seen);
      if (reply instanceof Reply.Answers answers) {
        out.writeBoolean(true);
        texts(out, answers.values());
        text(out, answers.warnings());
      } else {
        out.writeBoolean(false);
        text(out, ((Reply.Refusal) reply).message());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.reset();
    }
    byte[] packed = bytes.toByteArray();
    return java.nio.ByteBuffer.allocate(CHECK_BYTES + packed.length)
        .putInt(check(packed, 0))
        .put(packed)
        .array();
  }

  /** Empty where the bytes are not what {@link #write} gave. */
  static Optional<KeptBytes> read(byte[] bytes) {
    if (bytes.length < CHECK_BYTES
        || java.nio.ByteBuffer.wrap(bytes).getInt() != check(bytes, CHECK_BYTES)) {
      return Optional.empty();
    }
    try (DataInputStream in = new DataInputStream(new InflaterInputStream(
        new ByteArrayInputStream(bytes, CHECK_BYTES, bytes.length - CHECK_BYTES)))) {
      Origin origin = Origin.parse(text(in));
      Optional<Flavor> flavor =
          Optional.of(text(in)).filter(name -> !name.isEmpty()).map(Flavor::new);
      Question question = new Question(origin, flavor, text(in));
      List<String> keys = texts(in);
      List<String> seen = texts(in);
      Reply reply = in.readBoolean()
          ? new Reply.Answers(texts(in), List.of(), text(in), Reply.Trail.NONE)
          : new Reply.Refusal(text(in), Reply.Cause.MAKEFILES, Reply.Trail.NONE);
      return keys.size() == seen.size()
          ? Optional.of(new KeptBytes(question, keys, seen, reply))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int check(byte[] bytes, int from) {
    CRC32 check = new CRC32();
    check.update(bytes, from, bytes.length - from);
    return (int) check.getValue();
  }

  private static void texts(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      text(out, text);
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static List<String> texts(DataInputStream in) throws IOException {
    int count = length(in);
    List<String> texts = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      texts.add(text(in));
    }
    return texts;
  }

  private static String text(DataInputStream in) throws IOException {
    int length = length(in);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length != length) {
      throw new IOException("ends early");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int length(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST) {
      throw new IOException("a length of " + length);
    }
    return length;
  }
}
