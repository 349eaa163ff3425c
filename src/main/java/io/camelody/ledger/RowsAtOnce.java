package io.camelody.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One statement for many rows. Each statement costs PostgreSQL more than a row of it does: it is started, and the rules of its table
 * are read anew. So the statement for one row is joined there with a list of all rows that it is meant for.
 *
 * @param columns its parameters: of the list, an array for each parameter of the statement that is not null everywhere; of a long
 *     one, a single value for what is the same in all rows
 */
record RowsAtOnce(String sql, List<Object> columns) {

    /** Answers the number of a row in the list, from 1, where an UPDATE has changed something for it. */
    static final String NUMBER = " RETURNING given.nr";

    /** Answers nothing. */
    static final String NOTHING = "";

    /**
     * Stands before the WHERE of an UPDATE, if no two of its rows are ever the same, or of an INSERT from another table. What the WHERE
     * says besides the key must be of use to no index ({@code state || ''}), or a plan of a quiet hour joins the list with all songs in a state.
     */
    static final String PLACE = "{rows}";

    /** Of an INSERT; not in the place of them for SQLite too, which then guards each row against what a second one may do. */
    private static final Pattern VALUES = Pattern.compile("VALUES \\(([^)]*)\\)");

    /** So many rows are worth a statement of their own for what happens to be the same in all of them. */
    static final int MANY = 200;

    /** The list is one table more. */
    private static final Pattern FROM_TABLE = Pattern.compile("FROM \\w+\\{rows}");

    /** The same for one row. */
    static String alone(String sql) {
        return sql.replace(PLACE, "");
    }

    /**
     * @param rows values as the driver takes them: texts, whole numbers and nulls
     * @param returning the end of the statement: what it answers of each row that it has written
     */
    static RowsAtOnce of(Connection connection, String sql, List<Object[]> rows, String returning) throws SQLException {
        List<Object> columns = new ArrayList<>();
        List<String> arrays = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        List<String> same = new ArrayList<>();
        StringBuilder joined = new StringBuilder();
        String[] between = VALUES.matcher(sql)
                .replaceFirst("SELECT $1" + Matcher.quoteReplacement(PLACE))
                .split("\\?", -1);
        for (int i = 0; i < between.length - 1; i++) {
            int column = i;
            Object[] all = rows.stream().map(row -> row[column]).toArray();
            Object first = all[0];
            boolean isSame = Arrays.stream(all).allMatch(each -> Objects.equals(each, first));
            boolean isText = Arrays.stream(all).anyMatch(each -> each instanceof String);
            String type = isText ? "text" : "int8";
            joined.append(between[i]);
            if (isSame && first == null) {
                // of which nobody can say the type
                joined.append("NULL");
            } else if (isSame && all.length >= MANY && !columns.isEmpty()) {
                values.add(first);
                same.add("CAST(? AS %s) AS p%d".formatted(type, i));
                joined.append("same.p").append(i);
            } else {
                columns.add(connection.createArrayOf(type, isText ? all : longs(all)));
                arrays.add("CAST(? AS %s[])".formatted(type));
                names.add("p" + i);
                joined.append("given.p").append(i);
            }
        }
        joined.append(between[between.length - 1]).append(returning);
        String list = "%s unnest(%s) WITH ORDINALITY AS given(%s, nr)%s"
                .formatted(
                        FROM_TABLE.matcher(sql).find() ? "," : " FROM",
                        String.join(", ", arrays),
                        String.join(", ", names),
                        same.isEmpty() ? "" : ", (SELECT %s) AS same".formatted(String.join(", ", same)));
        columns.addAll(values);
        return new RowsAtOnce(joined.toString().replace(PLACE, list), columns);
    }

    private static Long[] longs(Object[] values) {
        Long[] longs = new Long[values.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = values[i] == null ? null : (Long) ((Number) values[i]).longValue();
        }
        return longs;
    }
}
