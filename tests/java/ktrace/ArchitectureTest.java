package ktrace;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of packages: each imports from the rows above its own and from nowhere else in ktrace. */
class ArchitectureTest {

    /** Packages in one row are siblings, which never import each other. */
    private static final List<List<String>> ROWS = List.of(
            List.of("linux", "text"),
            List.of("tracefs"),
            List.of("event"),
            List.of("decode"),
            List.of("bpf", "perf", "ptrace", "facts"),
            List.of("joint"),
            List.of("system"),
            List.of("ctf", "intervals"),
            List.of("analysis"),
            List.of("pipeline"),
            List.of("story"),
            List.of("diff"),
            List.of("export", "view"),
            List.of("cli"));

    /** More than fit into one head: a package beyond that is divided by what its files are for. */
    private static final int FILES = 25;

    /** What takes the default locale when it is given none. */
    private static final Map<String, Set<String>> BY_LOCALE = Map.of(
            "java.lang.String", Set.of("format", "formatted", "toLowerCase", "toUpperCase"),
            "java.io.PrintStream", Set.of("format", "printf"),
            "java.io.PrintWriter", Set.of("format", "printf"),
            "java.util.Formatter", Set.of("<init>"),
            "java.util.Scanner", Set.of("<init>"),
            "java.text.NumberFormat", Set.of("getInstance", "getNumberInstance", "getIntegerInstance", "getPercentInstance"),
            "java.text.DecimalFormat", Set.of("<init>"),
            "java.text.MessageFormat", Set.of("<init>", "format"),
            "java.text.SimpleDateFormat", Set.of("<init>"),
            "java.time.format.DateTimeFormatter", Set.of("ofPattern", "ofLocalizedDateTime", "ofLocalizedDate", "ofLocalizedTime"));

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("ktrace");

    @TestFactory
    Stream<DynamicTest> eachPackageImportsOnlyFromTheRowsAbove() {
        List<String> above = new ArrayList<>();
        List<DynamicTest> tests = new ArrayList<>();
        for (List<String> row : ROWS) {
            for (String name : row) {
                ArchRule rule = importsOnly(name, above);
                tests.add(DynamicTest.dynamicTest("ktrace." + name, () -> rule.check(MAIN)));
            }
            row.forEach(name -> above.add(subtree(name)));
        }
        return tests.stream();
    }

    @Test
    void everyClassLivesInAPackageOfTheTable() {
        String[] table = Stream.concat(
                        Stream.of("ktrace"), ROWS.stream().flatMap(List::stream).map(ArchitectureTest::subtree))
                .toArray(String[]::new);
        classes().should().resideInAnyPackage(table).allowEmptyShould(true).check(MAIN);
    }

    /** Of one package too: what a sub-package needs of its siblings goes one way. */
    @Test
    void packagesHaveNoCycles() {
        slices().matching("ktrace.(**)").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void packagesAreSmall() throws IOException {
        Map<String, Integer> large = new TreeMap<>();
        packages().forEach((name, files) -> {
            if (files.size() > FILES) {
                large.put(name, files.size());
            }
        });
        assertEquals(Map.of(), large, "more than " + FILES + " files");
    }

    @Test
    void eachPackageSaysWhatLivesThere() throws IOException {
        Map<String, Set<String>> packages = packages();
        packages.values().removeIf(files -> files.contains("package-info.java"));
        assertEquals(Set.of(), packages.keySet());
    }

    /** The names of the files of each package of main, generated ones aside. */
    private static Map<String, Set<String>> packages() throws IOException {
        Path top = Path.of("src/main/java/ktrace");
        try (Stream<Path> sources = Files.walk(top)) {
            return sources.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(
                            file -> top.relativize(file.getParent()).toString().replace('/', '.'),
                            TreeMap::new,
                            Collectors.mapping(file -> file.getFileName().toString(), Collectors.toSet())));
        }
    }

    /** Public, for the packages of system calls are several; still for them alone. */
    @Test
    void theKernelIsCalledFromOnePlace() {
        noClasses()
                .that(resideOutsideOfPackage("ktrace.linux.."))
                .should()
                .dependOnClassesThat(simpleName("Native").and(resideInAPackage("ktrace.linux")))
                .check(MAIN);
    }

    /** Which kinds of waits there are is known to the families alone. */
    @Test
    void theTrackerKnowsNoFamily() {
        noClasses().that().resideInAPackage("ktrace.system").should().dependOnClassesThat().resideInAPackage("ktrace.system.family")
                .check(MAIN);
    }

    /** Some locales have digits of their own, or another upper case of i: what is written is read elsewhere. */
    @Test
    void nothingIsWrittenOrReadInTheUsersLocale() {
        DescribedPredicate<JavaCall<?>> goesByIt = DescribedPredicate.describe("it goes by the default locale", call ->
                BY_LOCALE.getOrDefault(call.getTargetOwner().getName(), Set.of()).contains(call.getTarget().getName())
                        && call.getTarget().getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Locale.class)));
        noClasses().that().resideOutsideOfPackage("ktrace.linux.uapi").should().callCodeUnitWhere(goesByIt).check(MAIN);
    }

    /** Agrona's buffers and queues need jdk.internal.misc opened at start-up; its collections do without. */
    @Test
    void noClassReachesAroundTheLanguage() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "sun..", "jdk.internal..", "java.lang.reflect..", "org.agrona", "org.agrona.concurrent.."))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    private static ArchRule importsOnly(String name, List<String> above) {
        String[] allowed = Stream.concat(above.stream(), Stream.of(subtree(name))).toArray(String[]::new);
        return classes()
                .that(resideInAPackage(subtree(name)))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(resideOutsideOfPackage("ktrace..")))
                .allowEmptyShould(true);
    }

    private static String subtree(String name) {
        return "ktrace." + name + "..";
    }
}
