package io.camelody.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.settings.BadSettingsException;
import io.camelody.testkit.TestAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {

    private final AddressRule strict = TestAddresses.allowing("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.127.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                // loopback, any, IPv4 in IPv6, link-local, site-local, unique local, multicast, discard, documentation
                "::1",
                "::",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::127.0.0.1",
                "::93.184.215.14",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "100::1",
                "2001:db8::1",
                "3fff::1",
                "5f00::1",
                // NAT64 of what is not called, and of a network's own; 6to4, Teredo
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "2002:7f00:1::1",
                "2001:0:4136:e378::1"
            })
    void whatIsNotOnThePublicInternetIsRefused(String address) throws UnknownHostException {
        assertThat(strict.permits("cdn.example", InetAddress.getByName(address)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "93.184.215.14",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2001:4860:4860::8888",
                "2a00:1450::1",
                "64:ff9b::5db8:d70e"
            })
    void thePublicInternetIsCalled(String address) throws UnknownHostException {
        assertThat(strict.permits("cdn.example", InetAddress.getByName(address)))
                .isTrue();
    }

    @Test
    void hostsAddressesAndBlocksCanBeAllowed() throws UnknownHostException {
        AddressRule rule = TestAddresses.allowing("10.1.0.0/17, 192.168.7.7, fd00:1::/33, Audio.Intern, nas");

        assertThat(rule.permits("a.example", InetAddress.getByName("10.1.127.255")))
                .isTrue();
        assertThat(rule.permits("a.example", InetAddress.getByName("10.1.128.0")))
                .isFalse();
        assertThat(rule.permits("a.example", InetAddress.getByName("192.168.7.7")))
                .isTrue();
        assertThat(rule.permits("a.example", InetAddress.getByName("192.168.7.8")))
                .isFalse();
        assertThat(rule.permits("a.example", InetAddress.getByName("fd00:1:0:7fff::1")))
                .isTrue();
        assertThat(rule.permits("a.example", InetAddress.getByName("fd00:1:8000::1")))
                .isFalse();
        assertThat(rule.permits("audio.intern", InetAddress.getByName("10.9.9.9")))
                .isTrue();
        assertThat(rule.permits("NAS", InetAddress.getByName("127.0.0.1"))).isTrue();
        assertThat(rule.permits("evil.audio.intern", InetAddress.getByName("10.9.9.9")))
                .isFalse();
        assertThat(TestAddresses.allowing("0.0.0.0/0, ::/0").permits("a", InetAddress.getByName("::1")))
                .isTrue();
    }

    @Test
    void entryThatIsNoneIsAProblem() {
        for (String entry : new String[] {
            "http://nas",
            "nas:8080",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0/8",
            "256.1.1.1",
            "fd00::/129",
            "*.intern",
            "2130706433"
        }) {
            assertThatThrownBy(() -> TestAddresses.allowing("nas, " + entry))
                    .as(entry)
                    .isInstanceOf(BadSettingsException.class)
                    .hasMessageContaining("camelody.outgoing.allow")
                    .hasMessageContaining("\"" + entry + "\"");
        }
    }
}
