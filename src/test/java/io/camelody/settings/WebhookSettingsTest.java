package io.camelody.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookSettingsTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final Map<String, String> given = new HashMap<>(Map.of("camelody.webhook.timeout", "20s"));

    @Test
    void sinkInUseNeedsASecretAndAReceiver() {
        assertThatThrownBy(() -> read(true))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining("Set camelody.webhook.secret.")
                .hasMessageContaining("Set camelody.webhook.url");
        assertThat(read(false).secrets()).isEmpty();
    }

    @Test
    void badSecretIsAProblemThatDoesNotShowIt() {
        for (String bad :
                new String[] {"whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_%%%", "hunter2"}) {
            given.put("camelody.webhook.secret", SECRET + "," + bad);

            assertThatThrownBy(() -> read(false))
                    .isInstanceOf(BadSettingsException.class)
                    .hasMessageContaining("number 2 of 2 is not")
                    .hasMessageNotContaining(SECRET)
                    .hasMessageNotContaining("hunter2")
                    .hasMessageNotContaining("c2hvcnQ");
        }
    }

    @Test
    void badUrlsAndHostsAreProblems() {
        given.put("camelody.webhook.url", "ftp://hooks.example/?token=secret");
        given.put(
                "camelody.webhook.allow",
                "hooks.example, https://other.example, a/b, hooks.example:8080, my_hooks.example");

        assertThatThrownBy(() -> read(false))
                .hasMessageContaining("camelody.webhook.url")
                .hasMessageContaining("\"https://other.example\"")
                .hasMessageContaining("\"a/b\"")
                .hasMessageContaining("\"hooks.example:8080\"")
                .hasMessageContaining("\"my_hooks.example\"")
                .hasMessageNotContaining("token");
    }

    @Test
    void requestMayNameHostsOfTheListAlone() {
        assertThat(read(false).against("https://hooks.example/"))
                .get()
                .asString()
                .contains("camelody.webhook.secret");
        given.put("camelody.webhook.secret", SECRET);
        given.put("camelody.webhook.allow", "Hooks.example, http://open.example, [fd00::1]");
        WebhookSettings settings = read(false);

        for (String good : new String[] {
            "https://hooks.example/a?b=c",
            "HTTPS://HOOKS.EXAMPLE:8443",
            "http://open.example/",
            "https://open.example",
            "https://[fd00::1]/"
        }) {
            assertThat(settings.against(good)).as(good).isEmpty();
        }
        assertThat(settings.against("http://hooks.example/")).get().asString().contains("https");
        for (String bad : new String[] {
            "https://evil.example/",
            "https://a.hooks.example/",
            "https://hooks.example.evil.example/",
            "https://user@hooks.example/",
            "https://hooks.example@evil.example/",
            "https://hooks.example\\@evil.example/",
            "https://evil.example#hooks.example",
            "file://hooks.example/etc/passwd",
            "https:///hooks.example",
            "https://[::1]/"
        }) {
            assertThat(settings.against(bad)).as(bad).isPresent();
        }
    }

    @Test
    void textOfItHasNoSecret() {
        given.put("camelody.webhook.url", "https://hooks.example/services/path?token=query");
        given.put("camelody.webhook.secret", SECRET);

        assertThat(read(true).toString())
                .contains("https://hooks.example")
                .doesNotContain("path", "query", "SecretKeySpec");
    }

    private WebhookSettings read(boolean inUse) {
        Settings settings = new Settings(name -> Optional.ofNullable(given.get(name)), name -> name);
        WebhookSettings read = WebhookSettings.read(settings, inUse, Optional.empty());
        settings.demandGood();
        return read;
    }
}
