package org.slipway;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What somebody is told who calls a command in a way that it does not know: what is wrong, in a
 * sentence, and where the right way is told. The whole help would push that sentence off the screen.
 */
final class WrongUse {
  private WrongUse() {}

  /** Has a command and those added to it so far answer so; exit status 2. */
  static void answer(CommandLine line) {
    line.registerConverter(int.class, whole(Integer.MAX_VALUE, BigInteger::intValue));
    line.registerConverter(Integer.class, whole(Integer.MAX_VALUE, BigInteger::intValue));
    line.registerConverter(long.class, whole(Long.MAX_VALUE, BigInteger::longValue));
    line.registerConverter(Long.class, whole(Long.MAX_VALUE, BigInteger::longValue));
    line.setParameterExceptionHandler((fault, arguments) -> tell(fault));
  }

  private static int tell(ParameterException fault) {
    CommandLine line = fault.getCommandLine();
    PrintWriter out = line.getErr();
    out.println("slipway: " + fault.getMessage());
    UnmatchedArgumentException.printSuggestions(fault, out);
    out.println("How it is called: ./" + line.getCommandSpec().qualifiedName() + " --help");
    out.flush();
    return line.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static <N> ITypeConverter<N> whole(long most, Function<BigInteger, N> number) {
    return text -> {
      if (!text.matches("[+-]?[0-9]{1,100}")) {
        throw new TypeConversionException("'" + text + "' is not a whole number");
      }
      BigInteger value = new BigInteger(text);
      if (value.abs().compareTo(BigInteger.valueOf(most)) > 0) {
        throw new TypeConversionException("'" + text + "' is out of range; the most is " + most);
      }
      return number.apply(value);
    };
  }
}
