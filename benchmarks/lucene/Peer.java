import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;

/**
 * Lucene with its own Chinese analyser, SmartCN. Speaks the line protocol of benchmarks/worker.py.
 *
 * A page is one search: the ten best by BM25, and one pass over the columns of all hits for the counts.
 */
public class Peer {
  private static final int DAYS = 1 << 16;
  private final Analyzer analyzer = new SmartChineseAnalyzer();
  private final FSDirectory directory;
  private IndexSearcher searcher;

  Peer(Path folder) throws IOException {
    directory = FSDirectory.open(folder);
    open();
  }

  private void write(Path path) throws Exception {
    IndexWriterConfig config = new IndexWriterConfig(analyzer).setRAMBufferSizeMB(256);
    int cores = Runtime.getRuntime().availableProcessors();
    ArrayBlockingQueue<String> lines = new ArrayBlockingQueue<>(1000);
    String end = "";
    try (IndexWriter writer = new IndexWriter(directory, config);
        BufferedReader reader = Files.newBufferedReader(path)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < cores; i++) {
        Thread thread = new Thread(() -> {
          try {
            for (String line = lines.take(); !line.isEmpty(); line = lines.take()) {
              writer.addDocument(document(line));
            }
          } catch (Exception error) {
            throw new RuntimeException(error);
          }
        });
        thread.start();
        threads.add(thread);
      }
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.put(line);
      }
      for (Thread thread : threads) {
        lines.put(end);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      writer.commit();
    }
    open();
  }

  private void open() throws IOException {
    if (DirectoryReader.indexExists(directory)) {
      searcher = new IndexSearcher(DirectoryReader.open(directory));
      searcher.setQueryCache(null);
    }
  }

  private static Document document(String line) {
    String[] fields = line.split("\t", -1);
    long published = Long.parseLong(fields[3]);
    Document document = new Document();
    document.add(new StringField("id", fields[0], Field.Store.YES));
    document.add(new SortedDocValuesField("source", new BytesRef(fields[1])));
    document.add(new LongField("published", published, Field.Store.NO));
    document.add(new NumericDocValuesField("day", Math.floorDiv(published + 8 * 3600, 86400)));
    document.add(new TextField("title", fields[4], Field.Store.NO));
    document.add(new TextField("text", fields[5], Field.Store.NO));
    return document;
  }

  private String page(String[] request) throws IOException {
    QueryBuilder builder = new QueryBuilder(analyzer);
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    for (int i = 4; i < request.length; i++) {
      BooleanQuery.Builder either = new BooleanQuery.Builder();
      String run = request[i].split(" ")[0];
      Query title = builder.createPhraseQuery("title", run);
      Query text = builder.createPhraseQuery("text", run);
      if (title != null) {
        either.add(new BoostQuery(title, 3), Occur.SHOULD).add(text, Occur.SHOULD);
      }
      all.add(either.build(), Occur.MUST);
    }
    if (!request[1].isEmpty() || !request[2].isEmpty()) {
      long lo = request[1].isEmpty() ? Long.MIN_VALUE : Long.parseLong(request[1]);
      long hi = request[2].isEmpty() ? Long.MAX_VALUE : Long.parseLong(request[2]);
      all.add(LongField.newRangeQuery("published", lo, hi - 1), Occur.FILTER);
    }
    TopScoreDocCollector best = new TopScoreDocCollectorManager(10, Integer.MAX_VALUE).newCollector();
    Counts counts = new Counts();
    search(all.build(), MultiCollector.wrap(best, counts));
    StringBuilder ids = new StringBuilder();
    for (ScoreDoc hit : best.topDocs().scoreDocs) {
      ids.append(ids.length() == 0 ? "" : ",").append(searcher.storedFields().document(hit.doc).get("id"));
    }
    return best.getTotalHits() + "\t" + counts.sources.size() + "\t" + counts.days() + "\t" + ids;
  }

  @SuppressWarnings("deprecation") // One thread a question, as the other engines have.
  private void search(Query query, org.apache.lucene.search.Collector collector) throws IOException {
    searcher.search(query, collector);
  }

  /** Hits by source and by day. */
  private static class Counts extends SimpleCollector {
    final java.util.HashMap<BytesRef, Integer> sources = new java.util.HashMap<>();
    final int[] days = new int[DAYS];
    private SortedDocValues source;
    private NumericDocValues day;
    private int[] ordinals;

    @Override
    protected void doSetNextReader(LeafReaderContext context) throws IOException {
      flush();
      source = DocValues.getSorted(context.reader(), "source");
      day = DocValues.getNumeric(context.reader(), "day");
      ordinals = new int[source.getValueCount()];
    }

    @Override
    public void collect(int doc) throws IOException {
      if (source.advanceExact(doc)) {
        ordinals[source.ordValue()]++;
      }
      if (day.advanceExact(doc)) {
        days[(int) day.longValue() & (DAYS - 1)]++;
      }
    }

    int days() throws IOException {
      flush();
      int found = 0;
      for (int count : days) {
        found += count > 0 ? 1 : 0;
      }
      return found;
    }

    private void flush() throws IOException {
      for (int i = 0; ordinals != null && i < ordinals.length; i++) {
        if (ordinals[i] > 0) {
          sources.merge(BytesRef.deepCopyOf(source.lookupOrd(i)), ordinals[i], Integer::sum);
        }
      }
      ordinals = null;
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Peer peer = new Peer(Path.of(arguments[0]));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] request = line.split("\t", -1);
      long started = System.nanoTime();
      String answer = "";
      if (request[0].equals("page")) {
        answer = peer.page(request);
      } else {
        peer.write(Path.of(request[1]));
      }
      out.println((System.nanoTime() - started) / 1e9 + "\t" + answer);
    }
  }
}
