package io.machineroom.architecture;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;

@AnalyzeClasses(locations = RealHouse.Main.class)
final class HouseTest {
    @ArchTest
    static final ArchTests rules = ArchTests.in(HouseRules.class);
}
