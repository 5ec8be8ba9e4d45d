package io.machineroom.architecture;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;

@AnalyzeClasses(locations = RealHouse.MainAndTests.class)
final class KitTest {
    @ArchTest
    static final ArchTests rules = ArchTests.in(KitRules.class);
}
