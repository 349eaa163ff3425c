package io.camelody.wiring;

/** What else is there beside this jar. An estate brings what it needs of the optional dependencies. */
final class Jars {

    private Jars() {}

    /** @param className a class of the jar that is asked for; it is not initialized */
    static boolean have(String className) {
        try {
            Class.forName(className, false, Jars.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
