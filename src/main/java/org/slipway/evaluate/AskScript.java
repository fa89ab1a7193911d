package org.slipway.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code ask.sh}, which asks make in a jail, and what it is to ask. */
final class AskScript {
  static final String TEXT = text();

  private AskScript() {}

  /** All questions in one text, a line that ends each answer behind it. */
  static String answers(List<String> includes) {
    StringBuilder text = new StringBuilder();
    for (String name : Variables.ALL) {
      text.append(Variables.expression(name))
          .append('\n')
          .append(ReplyReader.END)
          .append('\n');
    }
    for (String include : includes) {
      text.append(include).append('\n').append(ReplyReader.END).append('\n');
    }
    return text.toString();
  }

  private static String text() {
    try (InputStream in = AskScript.class.getResourceAsStream("ask.sh")) {
      if (in == null) {
        throw new IllegalStateException("ask.sh is not in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
