package io.camelody.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the pages compiles: a whole class, or the statements of a {@code RouteBuilder}'s configure. */
class JavaFencesTest {

    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:public |final |abstract )*(?:class|record|interface) (\\w+)");

    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*\\n");

    @TempDir
    Path classes;

    @Test
    void whatIsShownCompiles() throws IOException {
        for (Fences fence : Fences.in("java")) {
            assertThat(complaints(fence.text())).as("%s", fence).isEmpty();
        }
    }

    @Test
    void whatDoesNotCompileIsToldOfStatementsToo() {
        assertThat(complaints("from(\"direct:a\").to(\"song:request\");")).isEmpty();
        assertThat(complaints("from(\"direct:a\").tow(\"song:request\");")).contains("tow");
    }

    private String complaints(String shown) {
        Matcher type = TYPE.matcher(shown);
        String name = type.find() ? type.group(1) : "Shown";
        String source = name.equals("Shown") ? aRouteBuilderOf(shown) : shown;
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options =
                List.of("-d", classes.toString(), "-proc:none", "-cp", System.getProperty("java.class.path"));
        boolean compiled =
                compiler.getTask(said, null, null, options, null, List.of(file)).call();
        return compiled ? "" : said.toString();
    }

    private static String aRouteBuilderOf(String statements) {
        String imports =
                IMPORT.matcher(statements).results().map(match -> match.group()).collect(Collectors.joining());
        return imports
                + "class Shown extends org.apache.camel.builder.RouteBuilder { public void configure() throws Exception {\n"
                + IMPORT.matcher(statements).replaceAll("") + "}}";
    }
}
