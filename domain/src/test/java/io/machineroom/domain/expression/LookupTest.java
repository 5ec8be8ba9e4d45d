package io.machineroom.domain.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LookupTest {
    private static final Value PEOPLE = json(
            "{'name':{'first':'Tom','last':'Anders'},'age':37,'children':['Sara','Alex','Jack'],'fav.movie':'Deer',"
                    + "'a*b':1,'axb':2,'@x':3,'{':4,'empty':null,'yes':true,'#':5,'nested':'{\\'a\\':[1,2]}',"
                    + "'friends':[{'first':'Dale','last':'Murphy','age':44,'nets':['ig','fb','tw']},"
                    + "{'first':'Roger','last':'Craig','age':68,'nets':['fb','tw']},"
                    + "{'first':'Jane','last':'Murphy','age':47,'nets':['ig','tw']}],"
                    + "'vals':[{'a':1,'b':true},{'a':2,'b':false},{'a':3},{'a':4,'b':0},{'a':5,'b':null},"
                    + "{'a':6,'b':'true'},{'a':7,'b':'no'}],"
                    + "'grid':[1,[2],[3,4],[5,[6,7]],[8,9]],'cols':{'id':['x','y'],'n':[1,2,3],'s':1},"
                    + "'parts':[{'a':1,'b':2},{'b':3},5]}");

    static Value json(String text) {
        try {
            return JsonText.read(text.replace("\\'", "\\\"").replace('\'', '"'));
        } catch (JsonText.Malformed e) {
            throw new AssertionError(text, e);
        }
    }

    private static String find(String path) {
        return Lookup.find(PEOPLE, path)
                .map(value -> JsonText.write(value, new Budget("test")))
                .orElse("nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "name.last ~ 'Anders'",
                "age ~ 37",
                "age.x ~ nothing",
                "children ~ ['Sara','Alex','Jack']",
                "children.# ~ 3",
                "children.1 ~ 'Alex'",
                "children.3 ~ nothing",
                "children.-1 ~ nothing",
                "children.x ~ nothing",
                "child*.2 ~ 'Jack'",
                "c?ildren.0 ~ 'Sara'",
                "*.last ~ 'Anders'",
                "n*.first ~ 'Tom'",
                "fav\\.movie ~ 'Deer'",
                "a\\*b ~ 1",
                "\\@x ~ 3",
                "@x ~ 3",
                "\\{ ~ 4",
                "{ ~ 4",
                "# ~ 5",
                "\\# ~ 5",
                "empty ~ null",
                "missing ~ nothing",
                "friends.#.first ~ ['Dale','Roger','Jane']",
                "friends.#.missing ~ []",
                "friends.1.last ~ 'Craig'",
                "friends.#.nets.0 ~ ['ig','fb','ig']",
                "friends.#.nets.# ~ [3,2,2]",
                "friends.#(last==\"Murphy\").first ~ 'Dale'",
                "friends.#(last=Murphy).first ~ 'Dale'",
                "friends.#[last==\"Murphy\"]#.first ~ ['Dale','Jane']",
                "friends.#(last==\"Murphy\")#.first ~ ['Dale','Jane']",
                "friends.#(age>45)#.last ~ ['Craig','Murphy']",
                "friends.#(age>=47)#.age ~ [68,47]",
                "friends.#(age<45).first ~ 'Dale'",
                "friends.#(age<=47)#.age ~ [44,47]",
                "friends.#(age!=44)#.age ~ [68,47]",
                "friends.#(age==\"47\").first ~ 'Jane'",
                "friends.#(age>100) ~ nothing",
                "friends.#(age>100)# ~ []",
                "friends.#(first%\"D*\").last ~ 'Murphy'",
                "friends.#(first!%\"D*\").last ~ 'Craig'",
                "friends.#(first%\"D*\")#|# ~ 1",
                "friends.#(first>\"J\")#.first ~ ['Roger','Jane']",
                "friends.#(nets.#(==\"fb\"))#.first ~ ['Dale','Roger']",
                "friends.#(nets.#(==\"ig\"))#|#.first ~ ['Dale','Jane']",
                "friends.#(missing)# ~ []",
                "friends.#(nets)#.age ~ [44,68,47]",
                "friends.#(nets.1==\"tw\")#.first ~ ['Roger','Jane']",
                "friends.#(last=\"Murphy\")#|0.first ~ 'Dale'",
                "friends.#(age>1 ~ nothing",
                "children.#(%\"*a*\")# ~ ['Sara','Jack']",
                "children.#(!%\"*a*\") ~ 'Alex'",
                "children.#(==\"Alex\") ~ 'Alex'",
            })
    void findsByKeysPlacesAndConditions(String path, String expected) {
        assertEquals(expected.replace('\'', '"'), find(path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "vals.#(b==~true)#.a | [1,6]",
                "vals.#(b==~false)#.a | [2,3,4,5]",
                "vals.#(b==~null)#.a | [3,5]",
                "vals.#(b!=~null)#.a | [1,2,4,6,7]",
                "vals.#(b==~*)#.a | [1,2,4,5,6,7]",
                "vals.#(b!=~*)#.a | [3]",
                "vals.#(b==true)#.a | [1,4,6]",
                "vals.#(b==false)#.a | [2,4]",
                "vals.#(b>false)#.a | [1,6,7]",
                "vals.#(a==4).b | 0",
            })
    void asksForWhatCountsAsTrue(String path, String expected) {
        assertEquals(expected, find(path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "children|@reverse ~ ['Jack','Alex','Sara']",
                "children.@reverse.0 ~ 'Jack'",
                "children|@reverse|0 ~ 'Jack'",
                "name|@reverse ~ {'last':'Anders','first':'Tom'}",
                "name.@keys ~ ['first','last']",
                "name|@values ~ ['Tom','Anders']",
                "children.@keys ~ [null,null,null]",
                "children.@values.0 ~ 'Sara'",
                "age.@keys ~ [null]",
                "age.@values ~ [37]",
                "@this.age ~ 37",
                "@this ~ *",
                "age.@valid ~ 37",
                "name|@pretty|@ugly|@keys ~ ['first','last']",
                "name.@pretty:{\"sortKeys\":true} ~ {'first':'Tom','last':'Anders'}",
                "grid.@flatten ~ [1,2,3,4,5,[6,7],8,9]",
                "grid.@flatten:{\"deep\":true} ~ [1,2,3,4,5,6,7,8,9]",
                "grid.@flatten:{\"deep\":true}.8 ~ 9",
                "grid.@flatten:{\"deep\":true}|# ~ 9",
                "parts.@join ~ {'a':1,'b':3}",
                "parts.@join.b ~ 3",
                "parts.@join:{\"preserve\":true}.b ~ 2",
                "cols.@group ~ [{'id':'x','n':1},{'id':'y','n':2},{'n':3}]",
                "cols.@group.1.n ~ 2",
                "age.@group ~ nothing",
                "age.@tostr ~ '37'",
                "name.@tostr.@fromstr.first ~ 'Tom'",
                "nested.@fromstr ~ {'a':[1,2]}",
                "nested.@fromstr.a.1 ~ 2",
                "children.0.@fromstr ~ nothing",
                "name.@dig:last ~ ['Anders']",
                "@dig:nets.0 ~ ['ig','fb','ig']",
                "friends.@dig:#(age>60).first ~ ['Roger']",
                "@dig:first|@reverse ~ ['Jane','Roger','Dale','Tom']",
                "name.@nothing ~ nothing",
                "friends.#.first.@reverse ~ ['Dale','Roger','Jane']",
                "friends.#.first|@reverse ~ ['Jane','Roger','Dale']",
                "friends.#(age>45)#.first|@reverse ~ ['Jane','Roger']",
                "missing|@this ~ nothing",
                "missing|@keys ~ []",
                "a.b|@keys ~ nothing",
            })
    void modifiesWhatItFinds(String path, String expected) {
        assertEquals(
                expected.equals("*") ? JsonText.write(PEOPLE, new Budget("test")) : expected.replace('\'', '"'),
                find(path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "{age,name.last} ~ {'age':37,'last':'Anders'}",
                "{age,missing} ~ {'age':37}",
                "{\"years\":age,first:name.first} ~ {'years':37,'first':'Tom'}",
                "{friends.#.age} ~ {'age':[44,68,47]}",
                "{friends.#} ~ {'_':3}",
                "[age,name.last] ~ [37,'Anders']",
                "[age,missing,children.0] ~ [37,'Sara']",
                "{age,o:{n:name.first}}.o.n ~ 'Tom'",
                "name.{first,\"l\":last} ~ {'first':'Tom','l':'Anders'}",
                "name.[last,first]|0 ~ 'Anders'",
                "friends.#.{first,age} ~ [{'first':'Dale','age':44},{'first':'Roger','age':68},{'first':'Jane','age':47}]",
                "friends.#(age>60).{first,\"n\":nets.#} ~ {'first':'Roger','n':2}",
                "{age,x:!\"text\"} ~ {'age':37,'x':'text'}",
                "{age,x:@this.name.@keys} ~ {'age':37,'x':['first','last']}",
                "{@this.age} ~ {'age':37}",
                "[!1,!-2.5,!true,!null,!{\"a\":[1]},![1,2]] ~ [1,-2.5,true,null,{'a':[1]},[1,2]]",
                "!\"text\" ~ 'text'",
                "!{\"a\":1}.a ~ 1",
                "age.!\"x\" ~ 'x'",
                "missing.x|!1 ~ nothing",
                "missing|[age] ~ []",
                "{age ~ nothing",
                "{age}x ~ nothing",
                "..# ~ 1",
                "..0.age ~ 37",
                "..#.age ~ [37]",
            })
    void asksSeveralPathsAtOnce(String path, String expected) {
        assertEquals(expected.replace('\'', '"'), find(path));
    }

    @Test
    void aNameThatLeadsNowhereIsNotTheLastOne() {
        Value value = json("{'ab':{'x':1},'ac':{'y':2}}");
        assertEquals(Optional.of(Value.num(2)), Lookup.find(value, "a*.y"));
        assertEquals(Optional.empty(), Lookup.find(value, "a*|y"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[@this,@this]|", "@dig:", "{a:@this,b:@this}|@values|", "friends.#.", "@this."})
    void nobodyMakesItWorkForEver(String part) {
        String path = part.repeat(PathParser.MAX_LENGTH / part.length()) + "@this";
        try {
            Lookup.find(PEOPLE, path);
        } catch (PortException.Refused e) {
            assertEquals("lookup.invalid", e.code());
        }
        assertThrows(PortException.Refused.class, () -> Lookup.parse(part.repeat(PathParser.MAX_LENGTH)));
    }
}
