import java.nio.file.Path;
import java.util.List;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node in this process, set up by arguments of the form {@code setting=value}. It runs until its standard
 * input ends.
 */
public final class LocalNode extends Node {
  private LocalNode(Environment environment) {
    super(environment, List.of(Netty4Plugin.class), true);
  }

  public static void main(String[] arguments) throws Exception {
    Settings.Builder settings = Settings.builder();
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (pair[0].endsWith("_nodes") || pair[0].endsWith("seed_hosts")) {
        settings.putList(pair[0], pair[1].split(","));
      } else {
        settings.put(pair[0], pair[1]);
      }
    }
    Settings built = settings.build();
    LocalNode node = new LocalNode(new Environment(built, Path.of(built.get("path.home"), "config")));
    node.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    node.close();
                  } catch (Exception problem) {
                    problem.printStackTrace();
                  }
                }));
    // The pipe ends with the process that started this one, however that ends.
    while (System.in.read() >= 0) {}
    System.exit(0);
  }
}
