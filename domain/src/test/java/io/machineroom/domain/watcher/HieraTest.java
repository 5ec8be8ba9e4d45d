package io.machineroom.domain.watcher;

import static io.machineroom.domain.watcher.Bench.obj;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import org.junit.jupiter.api.Test;

final class HieraTest {
    private static Value.Obj resolve(String facts, String document) {
        return new Hiera(obj(facts)).resolve(obj(document));
    }

    @Test
    void b174DeepMergesInOrder() {
        assertEquals(
                obj("{'log_level':'TRACE','packages':['ca-certificates','nginx'],"
                        + "'web':{'listen_port':80,'tls':true},'other':'extra'}"),
                resolve(
                        "{'env':'prod','role':'web','hostname':'web01','other':'stuff'}",
                        "{'hierarchy':{'merge':'deep','order':['other:{{ lookup(\\'facts.other\\') }}',"
                                + "'env:{{ lookup(\\'facts.env\\') }}','role:{{ lookup(\\'facts.role\\') }}',"
                                + "'host:${ lookup(\\'facts.hostname\\') }','global']},"
                                + "'data':{'log_level':'INFO','packages':['ca-certificates'],"
                                + "'web':{'listen_port':80,'tls':false},'other':'test'},"
                                + "'overrides':{'env:prod':{'log_level':'WARN'},"
                                + "'role:web':{'packages':['nginx'],'web':{'tls':true}},"
                                + "'host:web01':{'log_level':'TRACE'},'other:stuff':{'other':'extra'}}}"));
    }

    @Test
    void b175FirstTakesTheFirstThatIsThere() {
        assertEquals(
                obj("{'log_level':'DEBUG'}"),
                resolve(
                        "{'env':'stage'}",
                        "{'hierarchy':{'order':['env:{{ lookup(\\'facts.env\\') }}','role:{{ lookup(\\'facts.role\\') }}']},"
                                + "'data':{'log_level':'INFO'},'overrides':{'env:stage':{'log_level':'DEBUG'},"
                                + "'role:':{'log_level':'X'}}}"));
    }

    @Test
    void b177AnEntryMayBeComputedAndValuesKeepTheirKind() {
        assertEquals(
                obj("{'list':['a',1.5],'n':7,'text':'web'}"),
                resolve(
                        "{'role':'WEB','l':['a',1.5]}",
                        "{'hierarchy':{'order':['role:{{ lookup(\\'facts.role\\') | lower() }}']},'data':{'n':1},"
                                + "'overrides':{'role:web':{'list':'{{ lookup(\\'facts.l\\') }}','n':7,"
                                + "'text':'${ lookup(\\'facts.role\\') | lower() }'}}}"));
    }

    @Test
    void anExpressionAloneKeepsItsKind() {
        assertEquals(
                obj("{'list':[1,'a'],'n':5,'text':'n=5','none':'','given':'d'}"),
                resolve(
                        "{'l':[1,'a'],'n':5}",
                        "{'data':{'list':'{{ lookup(\\'facts.l\\') }}','n':'{{ lookup(\\'facts.n\\') }}',"
                                + "'text':'n={{ lookup(\\'facts.n\\') }}','none':'${ lookup(\\'facts.x\\') }',"
                                + "'given':'{{ lookup(\\'facts.x\\', \\'d\\') }}'}}"));
    }

    @Test
    void withoutAHierarchyTheDefaultCounts() {
        assertEquals(obj("{'a':2}"), resolve("{}", "{'data':{'a':1},'overrides':{'default':{'a':2}}}"));
    }

    @Test
    void w25OverridesThatAreNoMapAreRefused() {
        for (String wrong : new String[] {
            "{'overrides':[]}",
            "{'overrides':{'default':1}}",
            "{'data':'x'}",
            "{'hierarchy':{'merge':'wild'}}",
            "{'hierarchy':{'order':'x'}}",
            "{'data':{'a':'{{ nonsense( }}'}}"
        }) {
            PortException.Refused refused =
                    assertThrows(PortException.Refused.class, () -> resolve("{}", wrong), wrong);
            assertEquals("kv.hiera", refused.code());
        }
    }
}
