package com.example.segment;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.machineroom.architecture.AdapterRules;
import io.machineroom.architecture.House;

@AnalyzeClasses(
        packages = {"com.example.segment", "io.machineroom.ports"},
        importOptions = ImportOption.DoNotIncludeTests.class)
final class SegmentArchitectureTest {
    @ArchTest
    static final ArchRule adapter = AdapterRules.adapter(House.ours(), "com.example.segment");
}
